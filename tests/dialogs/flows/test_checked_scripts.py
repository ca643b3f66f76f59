from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.engine import ScriptResult
from dialogs.flows.checked_scripts import CheckedScripts

if TYPE_CHECKING:
    from collections.abc import Mapping


class Counting:
    """Finds fault with what holds "bad", and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def check(self, code: str) -> str | None:
        self.asked.append(code)
        return "It is bad." if "bad" in code else None

    def run(self, code: str, context: Mapping[str, Any], timeout: float) -> ScriptResult:
        self.asked.append(f"{code} {context}")
        return ScriptResult(context, error="It is bad." if "bad" in code else None)


def test_a_script_that_compiles_is_checked_once() -> None:
    beneath = Counting()
    checked = CheckedScripts(beneath)
    assert [checked.check("fine"), checked.check("fine"), checked.check("fine too")] == [None, None, None]
    assert beneath.asked == ["fine", "fine too"]


def test_what_failed_is_tried_again() -> None:
    beneath = Counting()
    checked = CheckedScripts(beneath)
    assert checked.check("bad") == checked.check("bad") == "It is bad."
    assert checked.run("bad", {}, 1).error == checked.run("bad", {}, 1).error
    assert len(beneath.asked) == 4


def test_a_pattern_is_made_once_for_each_text_of_it() -> None:
    beneath = Counting()
    checked = CheckedScripts(beneath)
    for pattern in ("a", "a", "b"):
        checked.run("new RegExp(context.pattern)", {"pattern": pattern}, 1)
    assert len(beneath.asked) == 2
