"""Answers to calls that only read, kept in the process for a short time (docs/decisions/0012)."""

from __future__ import annotations

import copy
import json
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .call_result import CallResult

#: Answers that a process keeps, and the longest that is worth keeping, in characters of JSON.
MOST: Final = 1000
LONGEST: Final = 64_000

now = time.monotonic


@dataclass(frozen=True)
class _Kept:
    at: float
    result: CallResult


_answers: OrderedDict[str, _Kept] = OrderedDict()
_lock = threading.Lock()


def key_of(*parts: Any) -> str:
    """A key from everything that an answer depends on, first of all whose grant it was asked with."""
    return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def find(key: str, seconds: float) -> CallResult | None:
    """The answer that was kept under this key in the last ``seconds``; the caller may change it."""
    with _lock:
        kept = _answers.get(key)
    if kept is None or now() - kept.at >= seconds:
        return None
    trace = {**kept.result.trace, "kept_for_s": round(now() - kept.at, 1)}
    # What is handed on becomes part of a conversation and must not be shared with another.
    return replace(kept.result, body=copy.deepcopy(kept.result.body), record=None, trace=trace, duration_ms=0.0)


def keep(key: str, result: CallResult) -> None:
    """Keeps an answer that says something; the oldest makes room."""
    if result.outcome != "answered" or result.status_code is None or not 200 <= result.status_code < 300:  # noqa: PLR2004 -- RFC 9110 section 15.3
        return
    if len(json.dumps(result.body, default=str)) > LONGEST:
        return
    with _lock:
        _answers[key] = _Kept(now(), replace(result, body=copy.deepcopy(result.body), record=None))
        _answers.move_to_end(key)
        while len(_answers) > MOST:
            _answers.popitem(last=False)


def forget() -> None:
    """Empties the store: for tests, in which ids are used again."""
    _answers.clear()
