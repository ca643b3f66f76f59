"""What nodes ask of the world outside the engine, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = Any
#: "answered": any HTTP answer, 4xx and 5xx too. "unknown": a call that changes something was sent and its answer lost.
#: "refused": nothing was sent (action disabled, foreign site, bad parameters). Each of the rest says itself.
Outcome = Literal["answered", "unreachable", "timed_out", "unknown", "authorization_required", "refused"]


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """A call of a provider's operation, its values filled in. ``timeout`` is in seconds."""

    node: str
    provider: str
    operation: str
    parameters: Mapping[str, JSON]
    body: JSON
    timeout: float


@dataclass(frozen=True, slots=True)
class OperationResult:
    """What became of a call.

    ``message`` is for a person: with "authorization_required" it invites to authorize (``body`` may then hold what a
    channel needs to show the link, such as {"url": …}), with the other failures it says what went wrong.
    ``trace`` is redacted: {"request": {…}, "response": {…}}, as far as there is something to show.
    """

    outcome: Outcome
    status_code: int | None = None
    body: JSON = None
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    trace: Mapping[str, JSON] = field(default_factory=dict)
    duration_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """What a script left behind. With an ``error`` (one sentence, without the node's name) the context is untouched."""

    context: Mapping[str, JSON]
    printed: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    error: str | None = None


class ScriptRunner(Protocol):
    def run(self, code: str, context: Mapping[str, Any], timeout: float) -> ScriptResult:
        """Run JavaScript over a copy of ``context``, ``timeout`` seconds at most. An error is in the result."""

    def check(self, code: str) -> str | None:
        """Compile without running: None, or what is wrong in one sentence."""
