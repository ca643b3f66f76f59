"""Whatever is said and whatever comes, in any order: nothing raises, and only what is waited for counts."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.engine import OperationResult
from tests.dialogs.engine.outside import Outside, OutsideChat
from tests.dialogs.engine.stand_ins import answered
from tests.dialogs.engine.tasks import arrow, line, node, task

FIELDS = [{"name": "summary"}, {"name": "due", "type": "date", "requirement": "optional"}]
WORDS = ["go", "inner", "a lamp", "yes", "no", "cancel", "exit", "1", "", "hello?", "2026-12-24"]
KINDS: Any = ["arrived", "canceled", "expired", "said", "returned", "closed"]
ANSWERS = [None, answered(202), answered(200, {"n": 1}), answered(410), answered(500), OperationResult("unknown")]


def everything() -> list[dict[str, Any]]:
    """A task that waits in all three ways, one of them inside a task that it starts, and ends anywhere."""
    inner = task(
        "inner", "Inner", ["inner"], [node("page", "form", fields=FIELDS, on_cancel="late"), _said("late")], []
    )
    inner["transitions"] = line("inner", "page", "late")
    nodes = [
        node("call", "webhook", url="https://x.example/hook", on_failure="sub"),
        node(
            "sub", "dialog", task="inner", values_out=[{"key": "entities.summary", "value": "{{dialog.page.values}}"}]
        ),
        node("people", "agent_transfer", on_unreachable="sorry"),
        _said("done"),
        _said("sorry"),
    ]
    return [
        task("go", "Go", ["go"], nodes, [*line("go", "call", "sub", "people", "done"), arrow("sorry", "@end")]),
        inner,
    ]


def _said(name: str) -> dict[str, Any]:
    return node(name, "message", texts=[f"Here is {name}."])


messages = st.tuples(st.just("say"), st.sampled_from(WORDS) | st.text(max_size=20))
events = st.tuples(
    st.sampled_from(KINDS),
    st.none()
    | st.text(max_size=5)
    | st.fixed_dictionaries({"text": st.text(max_size=9), "summary": st.text(max_size=9)}),
)
answers = st.tuples(st.just("answer"), st.sampled_from(ANSWERS))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(messages | events | answers, max_size=14))
def test_nothing_that_is_said_or_comes_raises(course: list[tuple[Any, Any]]) -> None:
    chat = OutsideChat(*everything(), outside=Outside(answered(202)))
    chat.say("go")
    for what, given_ in course:
        if what == "answer":
            chat.outside.answer = given_
        elif what == "say":
            chat.say(given_)
        else:
            chat.happens(what, given_)
        assert (chat.state.waiting == "event") == bool(chat.state.event)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(KINDS), st.none() | st.text(max_size=5))
def test_what_is_meant_for_another_wait_changes_nothing(kind: Any, data: Any) -> None:
    chat = OutsideChat(*everything(), outside=Outside(answered(202)))
    chat.say("go")
    before = chat.stored
    assert chat.happens(kind, data, wait="another") == []
    assert chat.stored == before


def test_a_form_inside_a_sub_dialog_hands_its_values_back() -> None:
    chat = OutsideChat(*everything(), outside=Outside(answered(202)))
    chat.say("go")
    chat.happens("arrived", {"n": 1})
    assert chat.state.event["kind"] == "form"
    chat.happens("arrived", {"summary": "Printer"})
    assert chat.state.event["kind"] == "agent"
    assert chat.state.context["entities"]["summary"]["summary"] == "Printer"
    assert chat.happens("returned", {"agent": "Ada"})[-1] == "Here is done."
