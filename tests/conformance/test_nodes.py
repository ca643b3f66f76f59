"""The conformance table of node kinds (see `nodes` and `courses`), on every storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.flows import bots
from dialogs.nodes.fields import specs_of
from dialogs.nodes.registry import KINDS, spelled
from dialogs.nodes.values import TYPES
from tests.dialogs.receiver import Receiver

from . import test_entities
from .courses import Case, cases, judge
from .storages import Memory, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .storages import Storage

CASES = list(cases())


def _of_a_type(rules: dict[str, Any], row: dict[str, Any]) -> Case:
    """A row of an entity type's table as a course: the value is there, and still is after the next turn."""
    nodes = [
        {"name": "start", "kind": "intent", "properties": {"utterances": ["start"]}},
        {"name": "it", "kind": "entity", "properties": {"prompts": ["Which?"], **rules, "extraction": "none"}},
        {"name": "sure", "kind": "confirmation", "properties": {"prompts": ["Sure?"]}},
    ]
    arrows = [{"source": one, "target": two} for one, two in (("start", "it"), ("it", "sure"), ("sure", "@end"))]
    document = {"format": 1, "name": "it", "title": "It", "start": "start", "nodes": nodes, "transitions": arrows}
    first = {"say": "start", "replies": [{"contains": "Which?"}], "waits": "it"}
    half = {"say": row["say"], "replies": [{"contains": ""}], "waits": "it"}
    whole = {"say": row.get("then", row["say"]), "replies": ["Sure?"], "waits": "sure"}
    kept = {"values": {"entities.it": row["value"]}}
    turns = (first, *([half] if "then" in row else []), whole | kept)
    unsure = {"say": "perhaps", "replies": [{"contains": "Sure?"}], "waits": "sure"}
    person = {"locale": row.get("locale", ""), "time_zone": row.get("zone", "")}
    name = f"{rules['type']} from “{row['say'][:40]}”"
    return Case("entity", name, (document,), (*turns, unsure | kept), person, test_entities.NOW)


#: One value of each type, the first of its table.
VALUES = {
    rules["type"]: _of_a_type(rules, row)
    for rules, row in (param.values for param in reversed(test_entities.ROWS))
    if "value" in row
}
COURSES = [*CASES, *VALUES.values()]


def run(case: Case, storage: Storage) -> None:
    """The whole course. Some node of the kind that it is about must have had its turn."""
    passed: set[str] = set()
    for turn in case.turns:
        came = storage.take(turn)
        judge(turn, came)
        passed |= {step["kind"] for step in came.trace.get("steps", [])}
    assert case.kind in passed


@pytest.mark.parametrize("case", COURSES, ids=str)
def test_it_goes_as_the_table_says_with_the_engine_alone(case: Case) -> None:
    run(case, Memory(case))


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def _fresh_graphs() -> Iterator[None]:
    """A rolled-back test gives the ids of its versions away again, which never happens outside of tests."""
    bots.forget()
    yield
    bots.forget()


@pytest.mark.django_db
@pytest.mark.usefixtures("_fresh_graphs")
@pytest.mark.parametrize("case", COURSES, ids=str)
def test_it_goes_as_the_table_says_in_rows(case: Case, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    run(case, Rows(case, receiver, monkeypatch))


def test_every_kind_is_in_the_table() -> None:
    assert {case.kind for case in CASES} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_of_a_kind_is_in_its_table(kind: str) -> None:
    nodes = [node for case in CASES for document in case.documents for node in document["nodes"]]
    given = {name for node in nodes if node["kind"] == kind for name in spelled(node["properties"])}
    assert set(specs_of(KINDS[kind])) - given == set()


def test_every_type_is_in_the_table() -> None:
    asked = {
        node["properties"].get("type", "string")
        for case in CASES
        for document in case.documents
        for node in document["nodes"]
        if node["kind"] == "entity"
    }
    assert asked | set(VALUES) == set(TYPES)
