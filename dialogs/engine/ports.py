"""What the engine needs from outside; everything else it does by itself."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from dialogs.nodes.effects import OperationRequest, OperationResult, Outcome, ScriptResult, ScriptRunner

__all__ = [
    "Clock",
    "OperationCaller",
    "OperationRequest",
    "OperationResult",
    "Outcome",
    "Ports",
    "ScriptResult",
    "ScriptRunner",
    "SystemClock",
]


class OperationCaller(Protocol):
    def call(self, request: OperationRequest) -> OperationResult:
        """Call a provider's operation with the right person's grant. The outcome says what failed; nothing raises."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The time of day, with its zone."""

    def elapsed(self) -> float:
        """Seconds since some moment; only differences mean anything."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def elapsed(self) -> float:
        return time.perf_counter()


@dataclass(frozen=True, slots=True)
class Ports:
    """The three together, as a turn takes them."""

    operations: OperationCaller
    scripts: ScriptRunner
    clock: Clock
