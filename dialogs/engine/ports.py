"""What the engine needs from outside; everything else it does by itself."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from dialogs.nodes.effects import (
    CodeAnswer,
    Invitation,
    OperationRequest,
    OperationResult,
    Outcome,
    ScriptResult,
    ScriptRunner,
    Standing,
)

__all__ = [
    "Authorizations",
    "Clock",
    "CodeAnswer",
    "Invitation",
    "OperationCaller",
    "OperationRequest",
    "OperationResult",
    "Outcome",
    "Ports",
    "ScriptResult",
    "ScriptRunner",
    "Standing",
    "SystemClock",
]


class OperationCaller(Protocol):
    def call(self, request: OperationRequest) -> OperationResult:
        """Call a provider's operation with the right person's grant. The outcome says what failed; nothing raises."""


class Authorizations(Protocol):
    """What the engine may know and do about the rights of the one person it talks to."""

    def standing(self, provider: str) -> Standing:
        """Whether calls can be made for this person now."""

    def invite(self, provider: str) -> Invitation | None:
        """A link for this person; None when it is not theirs to authorize."""

    def confirm(self, provider: str, code: str) -> CodeAnswer | None:
        """Take a code that the page of a link showed; a right one makes the grant usable. None: no page shows one."""


class NoAuthorizations:
    """For dialogs that call nothing."""

    def standing(self, provider: str) -> Standing:
        return Standing()

    def invite(self, provider: str) -> Invitation | None:
        return None

    def confirm(self, provider: str, code: str) -> CodeAnswer | None:
        return None


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
    """All of them together, as a turn takes them."""

    operations: OperationCaller
    scripts: ScriptRunner
    clock: Clock
    authorizations: Authorizations = field(default_factory=NoAuthorizations)
