from __future__ import annotations

from typing import Any

import pytest

from dialogs.graph.operators import OPERATORS
from xoplatform.core.templating import MISSING

CASES: list[tuple[Any, str, Any, bool]] = [
    # Numbers compare as numbers, also where one of them is written.
    (200, "equals", "200", True),
    (200, "equals", 200.0, True),
    ("9", "lt", "10", True),
    ("10", "gt", 9, True),
    (-1.5, "lte", "-1.5", True),
    # Two texts are equal only as texts, without regard to case.
    ("007", "equals", "7", False),
    (" Bug ", "equals", "bug", True),
    ("STRASSE", "equals", "straße", True),
    ("2026-02-01", "lt", "2026-11-23", True),
    ("b", "gte", "A", True),
    # True and false are words, never numbers.
    (True, "equals", "true", True),
    (True, "equals", 1, False),
    (0, "equals", False, False),
    # What is missing equals null alone and compares with nothing.
    (MISSING, "equals", None, True),
    (MISSING, "equals", "", False),
    (None, "not_equals", "x", True),
    (None, "lt", 5, False),
    (None, "gte", None, False),
    ([1], "gt", 0, False),
    (MISSING, "exists", None, False),
    (None, "exists", None, False),
    ("", "exists", None, True),
    (0, "exists", None, True),
    (MISSING, "not_exists", None, True),
    # Containing: an item, a part, a key.
    (["Bug", "Task"], "contains", "bug", True),
    ([1, 2], "contains", "2", True),
    ("Printer on fire", "contains", "FIRE", True),
    ({"code": 1}, "contains", "code", True),
    ("anything", "contains", None, False),
    (MISSING, "contains", "x", False),
    (5, "contains", 5, False),
]


@pytest.mark.parametrize(("left", "operator", "right", "holds"), CASES)
def test_it_compares(left: Any, operator: str, right: Any, holds: bool) -> None:
    assert OPERATORS[operator](left, right) is holds


def test_there_are_nine() -> None:
    assert len(OPERATORS) == 9
