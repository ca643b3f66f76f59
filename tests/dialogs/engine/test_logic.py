"""Assignments of logic nodes, each always or under a condition; and what scripts do to the context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.engine.validate import problems_of
from dialogs.graph.model import Node
from dialogs.nodes.registry import prepare
from tests.dialogs.engine.stand_ins import Chat
from tests.dialogs.engine.tasks import criterion, line, node, task

if TYPE_CHECKING:
    from tests.dialogs.engine.tasks import Document


def when(*criteria: Document) -> Document:
    return {"match": "all", "criteria": list(criteria)}


def after(*nodes: Document, shows: str) -> str:
    """What a message shows after these nodes."""
    names = [entry["name"] for entry in nodes]
    tell = node("tell", "message", texts=[shows])
    talk = Chat(task("t", "Do it", ["do it"], [*nodes, tell], line("t", *names, "tell", "@end")))
    return talk.say("do it")[0]


def logic(*rows: Document) -> Document:
    return node("set", "logic", assignments=list(rows))


def test_one_assignment_sees_what_an_earlier_one_did() -> None:
    rows = ({"key": "a.b", "value": 1}, {"key": "c", "value": "{{context.a.b}}"}, {"key": "a.d", "value": 2})
    assert after(logic(*rows), shows="{{context.c}} {{context.a}}") == '1 {"b": 1, "d": 2}'


def test_an_assignment_is_made_only_if_its_condition_holds() -> None:
    high = {"key": "level", "value": "high", "when": when(criterion("context", "n", "gt", 5))}
    low = {"key": "level", "value": "low", "when": when(criterion("context", "n", "lte", 5))}
    assert after(logic({"key": "n", "value": 7}, high, low), shows="{{context.level}}") == "high"
    assert after(logic({"key": "n", "value": 3}, high, low), shows="{{context.level}}") == "low"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"key": "a", "when": {"criteria": []}}, "has a condition for “a” that cannot be read"),
        ({"key": "a", "when": when({"subject": "context", "key": "b", "operator": "like"})}, "there is no operator"),
        ({"key": "a", "if": 1}, "has “if”; a row has key, value, when"),
    ],
)
def test_a_condition_that_cannot_be_read_is_said_when_it_is_written(row: dict[str, Any], words: str) -> None:
    _, problems = prepare(Node("x", "logic", properties={"assignments": [row]}))
    assert words in problems[0].message


def test_a_condition_about_what_nothing_fills_is_a_problem() -> None:
    row = {"key": "a", "value": 1, "when": when(criterion("context", "never", "exists"))}
    found = problems_of(task("t", "T", ["t"], [logic(row)], line("t", "set", "@end")))
    assert "set: a condition of “assignments” asks for “never”. Nothing fills “context.never”" in found[0].message


# --- Scripts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "shows", "said"),
    [
        ("context.put('a.b', 1); context.put('context.a.c', [2])", "{{context.a}}", '{"b": 1, "c": [2]}'),
        ("context.put('a.b', 1); context.put('d', context.get('a.b') + 1)", "{{context.d}}", "2"),
        ("context.put('a.b', 1); context.put('a.c', 2); context.delete('a.b')", "{{context.a}}", '{"c": 2}'),
        ("context.delete('x.y.z'); context.put('a', String(context.get('x.y.z')))", "{{context.a}}", "undefined"),
        ("context.put('BotUserSession.n', 1)", "{{context.session.BotUserSession.n}}", "1"),
        ("context.put('BotUserSession.n', 1); context.put('a', context.get('BotUserSession.n'))", "{{context.a}}", "1"),
        ("context.put('a', 'x'); context.put('a.b', 1)", "{{context.a}}", '{"b": 1}'),
        ("context.put('__proto__.polluted', 1); context.put('a', String({}.polluted))", "{{context.a}}", "undefined"),
    ],
)
def test_a_script_puts_gets_and_deletes_by_path(code: str, shows: str, said: str) -> None:
    assert after(node("run", "script", code=code), shows=shows) == said


def test_the_methods_leave_nothing_in_the_context() -> None:
    script = node("run", "script", code="context.keys = Object.keys(context)")
    assert after(script, shows="{{context.keys}}") == '["intent", "entities", "userInputs", "history"]'


def test_a_key_of_the_dialog_that_is_called_like_a_method_stays() -> None:
    first, second = logic({"key": "put", "value": "mine"}), node("run", "script", code="context.a = context.put")
    assert after(first, second, shows="{{context.a}} {{context.put}}") == "mine mine"


def test_what_a_script_puts_can_be_asked_for() -> None:
    script = node("run", "script", code="context.put('note.text', 1)")
    tell = node("tell", "message", texts=["{{context.note.text}} {{context.other}}"])
    found = problems_of(task("t", "T", ["t"], [script, tell], line("t", "run", "tell", "@end")))
    assert [problem.message for problem in found] == [
        "tell: “texts” uses “context.other”. Nothing fills “context.other”: no node and no script of this task."
    ]
