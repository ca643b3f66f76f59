"""Expected and got, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xoplatform.core.templating import MISSING, lookup

from .script import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogs.engine.turn import Turn

    from .stand_ins import Canned, Doors

NOTHING = "(nothing)"


@dataclass(frozen=True)
class Finding:
    """One expectation and what came of it."""

    what: str
    expected: str
    got: str
    passed: bool

    def to_json(self) -> dict[str, Any]:
        return {"what": self.what, "expected": self.expected, "got": self.got, "passed": self.passed}


def judge(expected: Mapping[str, Any], turn: Turn, canned: Canned, doors: Doors) -> list[Finding]:
    """Every expectation of a turn with what the turn gave."""
    found: list[Finding] = []
    if (replies := expected.get("replies")) is not None:
        found += _replies(replies, [reply.text for reply in turn.replies])
    if (waits := expected.get("waits")) is not None:
        found.append(_equal("Waits at", waits or NOTHING, turn.state.node or NOTHING))
    for path, value in (expected.get("values") or {}).items():
        got = _value(path, turn)
        found.append(_equal(f"Value of {path}", value, NOTHING if got is MISSING else got))
    return [*found, *_calls(canned), *_outside(doors)]


def _equal(what: str, expected: Any, got: Any) -> Finding:
    return Finding(what, spoken(expected), spoken(got), expected == got)


def _replies(expected: Sequence[Mapping[str, Any]], got: Sequence[str]) -> Iterator[Finding]:
    for number in range(max(len(expected), len(got))):
        what = f"Reply {number + 1}"
        if number >= len(expected):
            yield Finding(what, NOTHING, got[number], passed=False)
            continue
        match, text = expected[number]["match"], expected[number].get("text", "")
        words = "(anything)" if match == "any" else f"… {text} …" if match == "contains" else text
        if number >= len(got):
            yield Finding(what, words, NOTHING, passed=False)
        else:
            yield Finding(what, words, got[number], passed=_fits(match, text, got[number]))


def _fits(match: str, text: str, got: str) -> bool:
    if match == "any":
        return True
    return text in got if match == "contains" else text == got


def _value(path: str, turn: Turn) -> Any:
    """What stands in the context afterwards; where the task ended, the last that the turn put there."""
    steps = tuple(part for part in path.removeprefix("context.").split(".") if part)
    found = lookup(steps, turn.state.context)
    if found is not MISSING:
        return found
    changed = [step.get("changes", {}) for step in turn.trace.get("steps", [])]
    return next((one[".".join(steps)] for one in reversed(changed) if ".".join(steps) in one), MISSING)


def _calls(canned: Canned) -> Iterator[Finding]:
    for entry, sent in canned.made:
        if entry.get("sent") is not None:
            yield _equal(f"Sent with {entry['operation']} at {entry['node']}", entry["sent"], sent)
    for entry in canned.left:
        yield Finding(f"Call of {entry['operation']} at {entry['node']}", "was called", "was not called", passed=False)
    for name in canned.unknown:
        words = "was called; the test holds no answer for it. Add one, or record the conversation again"
        yield Finding(f"Call of {name}", "is not called", words, passed=False)


def _outside(doors: Doors) -> Iterator[Finding]:
    for entry in doors.left:
        what = f"Request of {entry.get('node') or 'the agent desk'}"
        yield Finding(what, "was made", "was not made", passed=False)
    for name in doors.unknown:
        words = "was made; the test holds no answer for it. Record the conversation again"
        yield Finding(f"Request of {name}", "is not made", words, passed=False)
