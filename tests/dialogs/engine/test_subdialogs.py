"""A dialog as a part of another one: values in and out, one session, and one end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.engine import State, problems_of
from tests.dialogs.engine.stand_ins import Chat, Person, Provider
from tests.dialogs.engine.tasks import arrow, criterion, line, node, service, task

if TYPE_CHECKING:
    from tests.dialogs.engine.tasks import Document


def asking(name: str = "who") -> Document:
    """Asks for a person unless one is given, and says hello."""
    nodes = [
        node("person", "entity", prompts=["Who?"]),
        node("size", "entity", type="number", prompts=["How many?"], retries=1),
        node("s", "logic", assignments=[{"key": "UserSession.seen", "value": "{{context.entities.person}}"}]),
        node("hello", "message", texts=["Hello, {{context.entities.person}}."]),
    ]
    return task(name, "Who Is It", ["who is it"], nodes, line(name, "person", "size", "s", "hello"))


def outer(**properties: Any) -> Document:
    properties = {"task": "who", "values_out": [{"key": "entities.found", "value": "{{dialog.entities.person}}"}]} | (
        properties
    )
    nodes = [
        node("first", "entity", prompts=["First?"]),
        node("sub", "dialog", **properties),
        node(
            "done",
            "message",
            texts=["{{context.entities.found}} {{context.entities.person}} {{context.UserSession.seen}}"],
        ),
    ]
    return task("outer", "The Outer", ["go"], nodes, line("outer", "first", "sub", "done"))


def test_it_returns_with_values_and_shares_only_the_session() -> None:
    chat = Chat(outer(), asking())
    assert chat.say("go") == ["First?"]
    assert chat.say("x") == ["Who?"]
    assert chat.bot.graphs[chat.state.task].name == "who"
    assert chat.state.context["entities"] == {}
    assert chat.say("Ada") == ["How many?"]
    assert chat.say("3") == ["Hello, Ada.", "Ada  Ada"]
    assert chat.turn.end_reason == "fulfilled"
    assert chat.state.context == {"session": {"UserSession": {"seen": "Ada"}}}
    assert chat.state.frames == ()


def test_values_go_in_and_null_empties() -> None:
    values = [{"key": "entities.person", "value": "{{context.entities.first}}"}, {"key": "entities.size", "value": 2}]
    emptying = [
        {"key": "entities.first", "value": None},
        {"key": "entities.found", "value": "{{dialog.entities.size}}"},
    ]
    document = outer(values_in=values, values_out=emptying)
    document["nodes"][-1] = node("done", "message", script="print(JSON.stringify(context.entities))")
    chat = Chat(document, asking())
    chat.say("go")
    assert chat.say("Bo") == ["Hello, Bo.", '{"first":null,"found":2}']


def test_the_other_one_can_take_its_place() -> None:
    chat = Chat(outer(afterwards="end", values_out=None), asking())
    chat.say("go")
    assert chat.say("x") == ["Who?"]
    assert chat.state.frames == ()
    chat.say("Ada")
    assert chat.say("1") == ["Hello, Ada."]


def test_its_failure_ends_both_in_words() -> None:
    chat = Chat(outer(), asking())
    for words in ("go", "x", "Ada", "many"):
        chat.say(words)
    replies = chat.say("a lot")
    assert "could not understand an answer for “size”" in replies[0]
    assert "“The Outer” ended with it" in replies[0]
    assert (chat.turn.end_reason, chat.state.task) == ("failed", "")


def test_cancel_ends_both_in_words() -> None:
    chat = Chat(outer(), asking())
    for words in ("go", "x"):
        chat.say(words)
    (words,) = chat.say("cancel")
    assert words.startswith("I stopped “Who Is It” here.")
    assert words.endswith("“The Outer” ended with it, since this was a part of it.")
    assert chat.state == State(turns=3, at=chat.state.at)


def test_a_task_that_is_not_there_is_told_in_words() -> None:
    chat = Chat(outer(task="gone"))
    chat.say("go")
    assert "leads to a dialog that this App does not have ready" in chat.say("x")[0]
    assert "cannot start the task “gone” (missing)" in chat.steps["sub"]["error"]


def test_dialogs_inside_each_other_end_at_eight() -> None:
    nodes = [node("q", "entity", prompts=["?"]), node("again", "dialog", task="deep")]
    chat = Chat(task("deep", "Deep", ["go"], nodes, line("deep", "q", "again")))
    chat.say("go")
    for _ in range(8):
        assert chat.say("x") == ["?"]
    assert "too many dialogs would be inside each other" in chat.say("x")[0]
    assert chat.state.task == ""


def test_the_guard_against_circles_counts_across_dialogs() -> None:
    inner = task("inner", "Inner", ["inner"], [node("m", "message", texts=["."])], line("inner", "m"))
    nodes = [node("sub", "dialog", task="inner")]
    chat = Chat(task("loop", "Loop", ["go"], nodes, [*line("loop", "sub"), arrow("sub", "sub")]), inner)
    assert "25 steps" in chat.say("go")[-1]


def test_an_authorization_inside_is_waited_for_and_the_outer_one_goes_on() -> None:
    person = Person()
    inner = task("inner", "Inner", ["inner"], [service("findIt", "getIssue")], line("inner", "findIt"))
    nodes = [node("sub", "dialog", task="inner"), node("m", "message", texts=["Done."])]
    chat = Chat(
        task("go", "Go", ["go"], nodes, line("go", "sub", "m")),
        inner,
        provider=Provider({"getIssue": person.call}),
        person=person,
    )
    chat.say("go")
    assert chat.state.waiting == "authorization"
    person.authorized()
    assert chat.resume() == ["Done."]


def test_a_transition_behind_it_can_look_at_what_came_back() -> None:
    document = outer()
    document["nodes"].append(node("bo", "message", texts=["It is Bo."]))
    document["transitions"] = [
        *line("outer", "first", "sub"),
        arrow("sub", "bo", criterion("entity", "found", "equals", "Bo")),
        arrow("sub", "done"),
    ]
    chat = Chat(document, asking())
    for words in ("go", "x", "Bo"):
        chat.say(words)
    assert chat.say("1")[-1] == "It is Bo."


def test_the_trace_tells_in_which_task_each_step_was() -> None:
    chat = Chat(outer(), asking())
    chat.say("go")
    chat.say("x")
    told = [(step["node"], step.get("task"), step.get("depth")) for step in chat.turn.trace["steps"]]
    assert told == [("first", None, None), ("sub", None, None), ("who", "who", 1), ("person", "who", 1)]


def test_a_value_that_a_sub_dialog_masks_is_masked_as_it_comes_back() -> None:
    inner = asking()
    inner["nodes"][1]["properties"]["sensitive"] = True
    chat = Chat(outer(), inner)
    for words in ("go", "x", "s3cretName"):
        chat.say(words)
    chat.say("2")
    assert "s3cretName" not in json.dumps(chat.turn.trace["steps"][-2])


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({}, "unknown_task"),
        ({"task": "draft"}, "unpublished_task"),
        ({"task": None}, "bad_property"),
        ({"afterwards": "end"}, "bad_property"),
        ({"values_out": [{"key": "x", "value": "{{result.x}}"}]}, "bad_property"),
        ({"values_in": [{"key": "intent", "value": 1}]}, "bad_property"),
        ({"values_in": [{"key": "entities.x", "value": "{{context.entities.nobody}}"}]}, "unknown_variable"),
    ],
)
def test_what_is_wrong_with_it_is_a_problem_of_the_node(properties: dict[str, Any], code: str) -> None:
    found = problems_of(outer(**properties), tasks={"outer": True, "draft": False})
    assert ("sub", code) in [(problem.node, problem.code) for problem in found]


def test_a_task_that_starts_itself_without_asking_is_a_problem() -> None:
    nodes = [node("m", "message", texts=["."]), node("sub", "dialog", task="loop")]
    found = problems_of(task("loop", "Loop", ["go"], nodes, line("loop", "m", "sub")), tasks={"loop": True})
    assert [problem.code for problem in found] == ["calls_itself"]
    nodes[0] = node("m", "entity", prompts=["?"])
    assert not problems_of(task("loop", "Loop", ["go"], nodes, line("loop", "m", "sub")), tasks={"loop": True})
