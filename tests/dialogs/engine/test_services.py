"""A service node in a dialog: its scripts, its ways on, what it puts into the context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.engine import OperationRequest, OperationResult
from tests.dialogs.engine.stand_ins import Chat, Provider, answered
from tests.dialogs.engine.tasks import line, node, task

if TYPE_CHECKING:
    from tests.dialogs.engine.tasks import Document

WAYS = ("failed", "late", "wrong")
LOOKED = "{{context.ask.response.reconciled.message}} {{context.ask.response.reconciled.found.key}}"
FREE = {"url": "https://api.example.com/things/1"}


def chat(result: OperationResult | None = None, **properties: Any) -> Chat:
    """One service and a message for each way on."""
    shown = "{{context.ask.response.statusCode}} {{context.ask.response.body}} {{context.note}}"
    nodes: list[Document] = [
        node("ask", "service", **{**FREE, **properties}),
        node("fine", "message", texts=[f"fine {shown}"]),
        *(node(name, "message", texts=[f"{name} {{{{context.ask.response.outcome}}}}"]) for name in WAYS),
        node("looked", "message", texts=[LOOKED]),
    ]
    document = task("t", "Do it", ["do it"], nodes, [*line("t", "ask", "fine"), *line("fine", "@end")])
    return Chat(document, provider=Provider({"GET api.example.com": result or answered(200, "ok")}))


def test_a_script_before_prepares_what_is_sent() -> None:
    sent = chat(pre_script="context.note = 'n' + 1", headers={"X-Note": "{{context.note}}"})
    assert sent.say("do it") == ["fine 200 ok n1"]
    assert sent.provider.requests[0].free is not None
    assert sent.provider.requests[0].free.headers == {"X-Note": "n1"}


def test_a_script_after_sees_the_answer_and_may_change_the_context() -> None:
    script = "context.note = context.ask.response.body.toUpperCase(); console.log('seen')"
    talk = chat(post_script=script)
    assert talk.say("do it") == ["fine 200 ok OK"]
    assert talk.steps["ask"]["logs"] == ["seen"]
    assert talk.steps["ask"]["changes"] == {"ask.response": {"statusCode": 200, "outcome": "answered"}, "note": "OK"}


@pytest.mark.parametrize("name", ["pre_script", "post_script"])
def test_a_broken_script_ends_the_task_in_words_and_names_itself(name: str) -> None:
    talk = chat(None, **{name: "nonsense()"})
    assert "A script of this dialog did not work" in talk.say("do it")[0]
    assert f"“{name}” of ask failed" in talk.steps["ask"]["error"]
    assert len(talk.provider.requests) == (name == "post_script")


def test_a_script_after_does_not_run_without_an_answer() -> None:
    talk = chat(OperationResult("unreachable", message="gone"), post_script="nonsense()")
    assert talk.say("do it") == ["gone"]


@pytest.mark.parametrize(
    ("result", "ways", "said"),
    [
        (OperationResult("unreachable"), {"on_failure": "failed"}, "failed unreachable"),
        (OperationResult("timed_out"), {"on_failure": "failed"}, "failed timed_out"),
        (OperationResult("timed_out"), {"on_failure": "failed", "on_timeout": "late"}, "late timed_out"),
        (OperationResult("unknown"), {"on_failure": "failed", "on_timeout": "late"}, "failed unknown"),
        (OperationResult("unknown", late=True), {"on_failure": "failed", "on_timeout": "late"}, "late unknown"),
        (answered(404, "no"), {"on_http_error": "wrong"}, "wrong answered"),
        (answered(404, "no"), {"on_failure": "failed"}, "fine 404 no "),
        (answered(302, "no"), {"on_http_error": "wrong"}, "fine 302 no "),
    ],
)
def test_each_way_to_fail_has_its_path(result: OperationResult, ways: dict[str, str], said: str) -> None:
    assert chat(result, **ways).say("do it") == [said]


def test_the_path_of_an_http_error_is_taken_after_the_script() -> None:
    talk = chat(answered(500, "no"), on_http_error="wrong", post_script="context.ask.response.outcome = 'seen'")
    assert talk.say("do it") == ["wrong seen"]


def test_a_look_for_a_lost_call_is_told_to_the_dialog() -> None:
    looked = {"outcome": "found", "found": {"key": "A-1"}, "message": "It is there."}
    talk = chat(OperationResult("unknown", reconciled=looked), on_failure="looked")
    assert talk.say("do it") == ["It is there. A-1"]


def test_a_free_request_asks_for_no_authorization_before_it_is_sent() -> None:
    def asked(request: OperationRequest) -> OperationResult:
        return OperationResult("authorization_required", message="Whose?", provider="jira")

    talk = chat()
    talk.provider.answers["GET api.example.com"] = asked
    assert "https://x/jira/1" in talk.say("do it")[0]
    assert talk.state.waiting == "authorization"


def test_the_script_before_does_not_run_again_after_an_authorization() -> None:
    talk = chat(pre_script="context.note = (context.note ?? 0) + 1")
    refused = OperationResult("authorization_required", message="Whose?", provider="jira")
    talk.provider.answers["GET api.example.com"] = refused
    talk.say("do it")
    talk.provider.answers["GET api.example.com"] = answered(200, "ok")
    assert talk.resume() == ["fine 200 ok 1"]


def test_the_trace_tells_of_a_kept_answer_and_of_a_look_for_a_lost_one() -> None:
    talk = chat(answered(200, "ok", trace={"kept_for_s": 12.5}))
    talk.say("do it")
    assert talk.steps["ask"]["kept_for_s"] == 12.5
    looked = {"outcome": "found", "found": {"key": "A-1"}, "message": "It is there."}
    talk = chat(OperationResult("unknown", reconciled=looked), on_failure="looked")
    talk.say("do it")
    assert talk.steps["ask"]["reconciled"] == looked
