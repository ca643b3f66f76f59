"""What nodes ask of the world outside the engine, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

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
    #: Which grant it was made with, as a mark to compare: another one means that somebody authorized since.
    grant: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether calls of a provider can be made for this person now; if not, ``message`` says why."""

    outcome: Literal["ready", "authorization_required", "refused"] = "ready"
    message: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that lets this person authorize. With ``code_needed`` its page shows a code to be typed in the chat."""

    url: str
    expires_at: datetime
    code_needed: bool = False


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """Whether a code that was typed in was right; ``message`` may say what else is the matter.

    With no ``tries_left`` the link is of no more use.
    """

    right: bool
    tries_left: int = 0
    message: str = ""


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
