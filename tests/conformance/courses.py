"""The tables of `nodes`: small dialogs, what is said to them, and what has to come of it.

A table has ``kind``, ``dialogs`` by name and ``cases``. A dialog has ``nodes`` by name (kind, parent, title, and
properties beside them), ``arrows`` with ``from``, ``to`` and ``if``, and ``line``: nodes that follow each other, behind
the arrows. It begins when somebody says "start" and its name, unless it has an intent of its own. A case has its
``dialog``, or several of them the one that is talked to last, and a course of ``turns``.

In a turn somebody may ``say`` something (with ``files``), an ``event`` may come, or the person has ``authorized``, each
maybe so many minutes ``later``. ``calls`` are answered, and so is what goes ``outside``; ``standings`` say what may not
be called. What must come of it: ``replies`` (a text, or what it ``contains``), the node that it ``waits`` at or how the
task ``ends``, and where it matters ``values`` of the context, the ``path`` of nodes, quick replies that it ``offers``,
the reply's ``data``, what was ``sent`` outside, and what is ``kept`` of the message.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from dialogs.engine import OperationResult, State
from xoplatform.core.templating import MISSING, lookup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.flows.testing.stand_ins import Canned

TABLES: Final = sorted((Path(__file__).parent / "nodes").glob("*.yaml"))
#: Where dialogs of the tables call out to; a storage may put another address in its place.
OUTSIDE: Final = "https://outside.example"
OWN: Final = {"kind", "parent", "title"}
HAPPENS: Final = {"say", "event", "authorized"}
GIVEN: Final = {"later", "files", "calls", "outside", "standings"}
EXPECTED: Final = {"replies", "waits", "ends", "values", "path", "offers", "data", "sent", "kept"}


@dataclass(frozen=True)
class Case:
    """One course. ``at`` is when it begins, where it matters; time stands still but for what passes between turns."""

    kind: str
    name: str
    documents: tuple[dict[str, Any], ...]
    turns: tuple[dict[str, Any], ...]
    person: Mapping[str, str] = field(default_factory=dict)
    at: Any = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


@dataclass(frozen=True)
class Came:
    """What came of a turn, from whatever stored it. ``ended`` is how the task ended, as far as that is told."""

    replies: list[dict[str, Any]]
    state: State
    trace: Mapping[str, Any]
    kept: str
    sent: list[Any]
    ended: str | None = None


def cases() -> Iterator[Case]:
    """All cases of all tables."""
    for path in TABLES:
        table = yaml.safe_load(path.read_text())
        dialogs = {name: _document(name, about) for name, about in table["dialogs"].items()}
        for case in table["cases"]:
            names = case.get("dialog", next(iter(dialogs)))
            documents = tuple(dialogs[name] for name in ([names] if isinstance(names, str) else names))
            turns = tuple(_checked(turn) for turn in case["turns"])
            yield Case(table["kind"], case["name"], documents, turns, case.get("person", {}), case.get("at"))


def _checked(turn: dict[str, Any]) -> dict[str, Any]:
    assert len(HAPPENS & set(turn)) == 1, turn
    assert set(turn) <= HAPPENS | GIVEN | EXPECTED, turn
    assert "replies" in turn, turn
    assert ("waits" in turn) != ("ends" in turn), turn
    return turn


def _document(name: str, about: Mapping[str, Any]) -> dict[str, Any]:
    nodes = {**about["nodes"]}
    if next(iter(nodes.values()))["kind"] != "intent":
        nodes = {"start": {"kind": "intent", "utterances": [f"start {name}"]}, **nodes}
    arrows = [
        _arrow(each["from"], each["to"], each.get("if"), each.get("match", "all")) for each in about.get("arrows", [])
    ]
    lines = about.get("line", [])
    lines = lines if lines and isinstance(lines[0], list) else [lines]
    return {
        "format": 1,
        "name": name,
        "title": name.title(),
        "description": "",
        "start": next(iter(nodes)),
        "settings": about.get("settings", {}),
        "nodes": [_node(node, each) for node, each in nodes.items()],
        "transitions": [*arrows, *(_arrow(*pair) for line in lines for pair in pairwise(line))],
    }


def _node(name: str, about: Mapping[str, Any]) -> dict[str, Any]:
    properties = {key: value for key, value in about.items() if key not in OWN}
    shown = {"title": about.get("title", ""), "parent": about.get("parent")}
    return {"name": name, "kind": about["kind"], **shown, "properties": properties}


def _arrow(source: str, target: str, criteria: Any = None, match: str = "all") -> dict[str, Any]:
    condition = {"match": match, "criteria": criteria} if criteria else None
    return {"source": source, "target": target, "condition": condition, "label": ""}


def elsewhere(value: Any, address: str) -> Any:
    """The same with another address in place of `OUTSIDE`."""
    if isinstance(value, dict):
        return {key: elsewhere(each, address) for key, each in value.items()}
    if isinstance(value, list):
        return [elsewhere(each, address) for each in value]
    return value.replace(OUTSIDE, address) if isinstance(value, str) else value


def result_of(about: Mapping[str, Any]) -> OperationResult:
    """What a call came to, as a table says it."""
    outcome = about.get("outcome", "answered")
    status = about.get("status", 200) if outcome == "answered" else None
    headers, message = about.get("headers", {}), about.get("message", "")
    return OperationResult(outcome, status, about.get("body"), headers, message)


def judge(turn: Mapping[str, Any], came: Came) -> None:
    """Fails where something else came of a turn than its table says."""
    texts = [reply["text"] for reply in came.replies]
    assert _shown(turn["replies"], texts) == texts
    state = came.state
    if "waits" in turn:
        assert state.node == turn["waits"], came.trace
    else:
        assert (state.task, state.path, state.waiting, state.event) == ("", (), "", {})
        assert came.ended in {None, turn["ends"]}, came.trace
    for path, value in turn.get("values", {}).items():
        assert _value(path, came) == value, path
    if "path" in turn:
        assert [step["node"] for step in came.trace["steps"]] == turn["path"]
    if "offers" in turn:
        assert [title for title, _value in map(_pair, came.replies[-1]["quick_replies"])] == turn["offers"]
    if "data" in turn:
        assert came.replies[-1]["data"] == turn["data"]
    if "sent" in turn:
        assert came.sent == turn["sent"]
    if "kept" in turn:
        assert came.kept == turn["kept"]


def judge_calls(turn: Mapping[str, Any], canned: Canned) -> None:
    """Fails where a call was not made, was made without an answer for it, or held something else."""
    assert canned.unknown == []
    assert canned.left == []
    for entry, sent in canned.made:
        for name, value in (entry.get("sent") or {}).items():
            assert sent[name] == value


def _shown(expected: list[Any], texts: list[str]) -> list[str]:
    """The expected replies, each that need only contain something as the reply that does."""
    shown = [each if isinstance(each, str) else f"… {each['contains']} …" for each in expected]
    for number, (each, text) in enumerate(zip(expected, texts, strict=False)):
        if isinstance(each, dict) and each["contains"] in text:
            shown[number] = text
    return shown


def _pair(entry: Any) -> tuple[str, str]:
    return (entry["title"], entry["value"]) if isinstance(entry, dict) else (entry[0], entry[1])


def _value(path: str, came: Came) -> Any:
    """What stands in the context afterwards; where the task ended, the last that the turn put there."""
    found = lookup(tuple(path.split(".")), came.state.context)
    if found is MISSING:
        changes = [step["changes"] for step in came.trace.get("steps", []) if path in step.get("changes", {})]
        return changes[-1][path] if changes else None
    return found
