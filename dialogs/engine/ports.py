"""What the engine needs from outside; everything else it does by itself."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from dialogs.nodes.effects import (
    Awaited,
    CodeAnswer,
    Event,
    Invitation,
    Opening,
    OperationRequest,
    OperationResult,
    Outcome,
    ScriptResult,
    ScriptRunner,
    Standing,
    WaitRequest,
)
from dialogs.nodes.person import Person

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from dialogs.nodes.steps import Reply

__all__ = [
    "Authorizations",
    "Awaited",
    "Clock",
    "CodeAnswer",
    "Event",
    "Invitation",
    "Opening",
    "OperationCaller",
    "OperationRequest",
    "OperationResult",
    "Outcome",
    "Person",
    "Ports",
    "ScriptResult",
    "ScriptRunner",
    "Standing",
    "SystemClock",
    "WaitRequest",
    "Waits",
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


class Waits(Protocol):
    """What leads out of the conversation, and back into it."""

    def open(self, request: WaitRequest, said: Sequence[Reply], *, sensitive: bool) -> Opening:
        """Open a wait and, where the kind asks for it, call out. Nothing raises.

        ``said`` are this turn's replies so far; ``sensitive`` tells that the message of this turn is not to be passed
        on.
        """

    def tell(self, awaited: Awaited, text: str) -> OperationResult:
        """Pass the person's words on to whom an open wait leads."""


class NoWaits:
    """For dialogs that wait for nothing from outside."""

    def open(self, request: WaitRequest, said: Sequence[Reply], *, sensitive: bool) -> Opening:
        return Opening(result=OperationResult("refused"))

    def tell(self, awaited: Awaited, text: str) -> OperationResult:
        return OperationResult("refused")


class Scopes(Protocol):
    """Session values that outlive a conversation."""

    def read(self, scopes: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """The values of these scopes as they are now for the person and App of this conversation."""


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
    person: Person = field(default_factory=Person)
    waits: Waits = field(default_factory=NoWaits)
    #: Without it everything in the session is the conversation's own.
    scopes: Scopes | None = None
    #: What came with the message: {name, content_type, size, url or id} each.
    files: tuple[Mapping[str, Any], ...] = ()
