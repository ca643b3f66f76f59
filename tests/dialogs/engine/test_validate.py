from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.engine import InvalidGraph, compile_graph, problems_of
from tests.dialogs.engine.stand_ins import SCRIPTS
from tests.dialogs.engine.tasks import ALL, Document, arrow, create_issue, criterion, line, node, service, task

if TYPE_CHECKING:
    from collections.abc import Callable

OPERATIONS = {"jira": {"getAccessibleSite", "createIssue", "getIssue", "deleteIssue"}}


def small(nodes: list[Document], arrows: list[Document]) -> Document:
    return task("t", "T", ["go"], nodes, arrows)


def found(document: Document) -> list[tuple[str, str]]:
    return [(problem.node, problem.code) for problem in problems_of(document, OPERATIONS, SCRIPTS)]


def say(name: str, text: str = "hi") -> Document:
    return node(name, "message", texts=[text])


@pytest.mark.parametrize("document", ALL)
def test_a_sound_task_has_no_problems(document: Callable[[], Document]) -> None:
    assert found(document()) == []


MENDABLE: dict[str, tuple[Document, tuple[str, str]]] = {
    "unreachable": (small([say("a"), say("b")], line("t", "a")), ("b", "unreachable")),
    "dangling": (small([say("a")], [*line("t", "a"), arrow("a", "gone")]), ("a", "dangling")),
    "missing else": (
        small([say("a")], [*line("t", "a"), arrow("a", "@end", criterion("intent", "", "exists"))]),
        ("a", "missing_else"),
    ),
    "behind the else": (
        small([say("a")], [*line("t", "a"), arrow("a", "@end"), arrow("a", "@end")]),
        ("a", "behind_else"),
    ),
    "unknown kind": (small([node("a", "oracle")], line("t", "a")), ("a", "unknown_kind")),
    "unknown operation": (small([service("a", "launch")], line("t", "a")), ("a", "unknown_operation")),
    "unknown provider": (
        small([node("a", "service", provider="moon", operation="x")], line("t", "a")),
        ("a", "unknown_provider"),
    ),
    "unknown entity": (small([say("a", "{{context.entities.x}}")], line("t", "a")), ("a", "unknown_variable")),
    "unknown node": (small([say("a", "{{context.x.response.body}}")], line("t", "a")), ("a", "unknown_variable")),
    "unknown root": (small([say("a", "{{env.x}}")], line("t", "a")), ("a", "unknown_variable")),
    "unknown scope": (small([say("a", "{{context.session.X.y}}")], line("t", "a")), ("a", "unknown_variable")),
    "condition on nothing": (
        small([say("a")], [*line("t", "a"), arrow("a", "@end", criterion("entity", "x", "exists")), arrow("a", None)]),
        ("a", "unknown_variable"),
    ),
    "template syntax": (small([say("a", "{{context.")], line("t", "a")), ("a", "template_syntax")),
    "script syntax": (small([node("a", "script", code="var = 1")], line("t", "a")), ("a", "script_syntax")),
    "pattern syntax": (
        small([node("a", "entity", prompts=["?"], pattern="(")], line("t", "a")),
        ("a", "bad_pattern"),
    ),
    "root with a condition": (
        small([say("a")], [arrow("t", "a", criterion("intent", "", "exists")), arrow("t", "a")]),
        ("t", "root_transition"),
    ),
    "duplicate name": (small([say("a"), say("a")], line("t", "a")), ("a", "duplicate_name")),
    "bad condition": (
        small([say("a")], [*line("t", "a"), arrow("a", "@end", criterion("entity", "x", "likes")), arrow("a", "@end")]),
        ("a", "bad_condition"),
    ),
    "property names no node": (
        small([service("a", "getIssue", on_failure="gone")], line("t", "a")),
        ("a", "dangling"),
    ),
    "message in an action": (
        small([node("a", "bot_action", first="b"), node("b", "message", "a", texts=["x"])], line("t", "a")),
        ("b", "not_silent"),
    ),
    "in no action": (small([service("a", "getIssue", "t")], line("t", "a")), ("a", "no_container")),
    "first outside": (
        small([node("a", "bot_action", first="b"), say("b")], line("t", "a", "b")),
        ("a", "first_is_outside"),
    ),
    "out of the action": (
        small(
            [node("a", "bot_action", first="b"), service("b", "getIssue", "a"), say("c")],
            [*line("t", "a", "c"), arrow("b", "c")],
        ),
        ("b", "leaves_action"),
    ),
    "end of no action": (small([say("a")], [*line("t", "a"), arrow("a", "@end_of_action")]), ("a", "not_in_action")),
    "a choice that is none": (
        small(
            [node("a", "entity", type="list", choices=["Bug", "Task"], prompts=["?"]), say("b")],
            [*line("t", "a"), arrow("a", "b", criterion("entity", "a", "equals", "Epic")), arrow("a", "@end")],
        ),
        ("a", "bad_comparison"),
    ),
    "an answer that is none": (
        small(
            [node("a", "confirmation", prompts=["?"]), say("b")],
            [*line("t", "a"), arrow("a", "b", criterion("confirmation", "a", "equals", True)), arrow("a", "@end")],
        ),
        ("a", "bad_comparison"),
    ),
    "no intent": (
        small(
            [say("a"), say("b")],
            [*line("t", "a"), arrow("a", "b", criterion("intent", "FollowupIntents", "equals", "")), arrow("a", None)],
        ),
        ("a", "bad_comparison"),
    ),
    "no start": ({**small([], []), "start": "x"}, ("", "no_start")),
}  # fmt: skip


@pytest.mark.parametrize("name", MENDABLE)
def test_each_problem_is_named_with_its_node(name: str) -> None:
    document, expected = MENDABLE[name]
    assert expected in found(document)
    assert all(problem.node in problem.message for problem in problems_of(document, OPERATIONS, SCRIPTS))


def test_what_scripts_and_logic_fill_is_known() -> None:
    nodes = [
        node("s", "script", code="context.payload = 1; context['other'] = 2; context.entities.extra = 3"),
        node(
            "l",
            "logic",
            assignments=[{"key": "context.BotUserSession.last", "value": "x"}, {"key": "mine", "value": 1}],
        ),
        say(
            "m",
            "{{context.payload}}{{context.other}}{{context.entities.extra}}{{context.BotUserSession.last}}{{context.mine}}",
        ),
    ]
    assert found(small(nodes, line("t", "s", "l", "m"))) == []


def test_a_script_that_computes_its_keys_may_fill_anything() -> None:
    nodes = [node("s", "script", code="context[name()] = 1"), say("m", "{{context.whatever}}")]
    assert found(small(nodes, line("t", "s", "m"))) == []


def test_a_graph_that_cannot_run_is_not_compiled_and_says_all_that_is_wrong() -> None:
    document = small([node("a", "oracle"), node("b", "entity")], [*line("t", "a"), arrow("a", "gone")])
    with pytest.raises(InvalidGraph) as caught:
        compile_graph(document)
    assert {problem.code for problem in caught.value.problems} == {"unknown_kind", "bad_property", "dangling"}


def test_a_version_that_was_published_with_a_loose_end_still_runs() -> None:
    assert compile_graph(small([say("a"), say("b")], line("t", "a")))


@pytest.mark.parametrize("part", ["nodes", "transitions"])
@pytest.mark.parametrize("value", [None, "x", [1], {}, [{"name": 5}], [{}], [{"source": None}]])
def test_any_rubbish_is_a_problem_and_never_an_exception(part: str, value: Any) -> None:
    assert isinstance(problems_of({**create_issue(), part: value}, OPERATIONS), list)


GET_ISSUE = {
    "type": "object",
    "properties": {"issueIdOrKey": {"type": "string"}, "fields": {"type": "array"}},
    "required": ["issueIdOrKey"],
}


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"issueIdOrKey": "A-1", "fields": ["summary"]}, None),
        ({"issueIdOrKey": "A-1", "fields": None}, None),
        ({}, "ask: the parameter “issueIdOrKey” of “getIssue” is missing."),
        ({"issueIdOrKey": None}, "ask: the parameter “issueIdOrKey” of “getIssue” is missing."),
        (
            {"issueIdOrKey": "A-1", "key": 1},
            "ask: “getIssue” has no parameter “key”; it has issueIdOrKey, fields.",
        ),
    ],
)
def test_parameters_that_an_operation_does_not_take_or_misses_are_problems(
    parameters: Document, words: str | None
) -> None:
    ask = node("ask", "service", provider="jira", operation="getIssue", parameters=parameters)
    problems = problems_of(small([ask], line("t", "ask", "@end")), {"jira": {"getIssue": GET_ISSUE}})
    assert [problem.message for problem in problems] == ([words] if words else [])


def test_an_authorization_profile_that_the_app_does_not_have_is_a_problem() -> None:
    ask = node("ask", "service", url="https://example.com/", profile="Ours")
    document = small([ask], line("t", "ask", "@end"))
    assert problems_of(document, profiles=["Ours"]) == []
    told = problems_of(document, profiles=["Theirs"])
    assert [problem.message for problem in told] == [
        "ask signs in with the authorization profile “Ours”, which this App has not."
    ]
    assert problems_of(document) == []


def test_what_a_service_scripts_can_be_asked_for() -> None:
    ask = node("ask", "service", url="https://example.com/", pre_script="context.note = 1")
    assert problems_of(small([ask, say("a", "{{context.note}}")], line("t", "ask", "a", "@end"))) == []


def test_comparisons_that_can_hold_are_no_problem() -> None:
    nodes = [node("a", "entity", type="list", choices=["Bug", {"value": 7}], prompts=["?"]), say("b")]
    for operator, value in (
        ("equals", "bug"),
        ("not_equals", "7"),
        ("equals", None),
        ("contains", "x"),
        ("equals", {"from": "context.entities.a"}),
    ):
        condition = arrow("a", "b", criterion("entity", "a", operator, value))
        assert found(small(nodes, [*line("t", "a"), condition, arrow("a", "@end")])) == []


@pytest.mark.parametrize("settings", [{"interruptions": "maybe"}, {"colour": 1}, {"most_held": 3}, [], "x"])
def test_settings_that_make_no_sense_are_a_problem_and_do_not_keep_a_version_from_running(settings: Any) -> None:
    document = small([say("a")], line("t", "a")) | {"settings": settings or ["x"]}
    assert ("", "bad_setting") in found(document)
    assert compile_graph(document)
