"""The conformance table of entity types: what people say, from where, and what it is taken for (see `entities`).

A case has ``say`` and, for its person, ``locale`` and ``zone``; it comes to a ``value``, to a question (``asks``: the
words of each option), or, with neither, to a refusal in words. ``then`` is the second answer where the first is only
half. It is Monday, 23 November 2026, 9:30 in London.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from dialogs.graph.model import Node
from dialogs.nodes.kinds.entity import Entity
from dialogs.nodes.person import Person
from dialogs.nodes.registry import prepare
from dialogs.nodes.values import TYPES
from dialogs.nodes.values.base import Circumstances, Found, Part, Reading, Several, Unfit
from tests.dialogs.engine.stand_ins import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = sorted((Path(__file__).parent / "entities").glob("*.yaml"))
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
#: Files come with a message, not in its words; see tests/dialogs/nodes/test_attachment.py.
ELSEWHERE = {"attachment"}


def _rows() -> Iterator[Any]:
    for path in TABLES:
        table = yaml.safe_load(path.read_text())
        for case in table["cases"]:
            rules = {"type": table["type"], **table.get("with", {}), **case.get("with", {})}
            yield pytest.param(rules, case, id=f"{rules['type']}: {case['say'][:40]} ({case.get('locale', '-')})")


ROWS = list(_rows())


def read(rules: dict[str, Any], case: dict[str, Any]) -> Reading:
    node, problems = prepare(Node("it", "entity", properties={"prompts": ["?"], **rules}))
    assert isinstance(node, Entity), problems
    around = Circumstances(NOW, SCRIPTS, Person(locale=case.get("locale", ""), time_zone=case.get("zone", "")))
    reading = node.reader.read(case["say"], around)
    if isinstance(reading, Part):
        reading = node.reader.complete(reading.value, case["then"], around)
    if isinstance(reading, Found):
        assert node.reader.said(reading.value, around.person)
    return reading


@pytest.mark.parametrize(("rules", "case"), ROWS)
def test_what_is_said_is_taken_for_what_the_table_says(rules: dict[str, Any], case: dict[str, Any]) -> None:
    reading = read(rules, case)
    if "value" in case:
        assert isinstance(reading, Found), reading
        assert reading.value == case["value"]
        assert type(reading.value) is type(case["value"]) or isinstance(case["value"], float)
    elif "asks" in case:
        assert isinstance(reading, Several), reading
        assert [words for _, words in reading.options] == case["asks"]
        for words in case["asks"]:
            assert isinstance(read(rules, {**case, "say": words}), Found)
    else:
        assert isinstance(reading, Unfit), reading
        assert reading.reason.endswith((".", "…"))


def test_every_type_is_in_the_table() -> None:
    tested = {rules.values[0]["type"] for rules in ROWS}
    assert set(TYPES) - tested == ELSEWHERE
