"""What nodes ask of the world outside the engine, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = Any
#: "answered": any HTTP answer, 4xx and 5xx too. "unknown": a call that changes something was sent and its answer lost.
#: "refused": nothing was sent (action disabled, foreign site, bad parameters). Each of the rest says itself.
Outcome = Literal["answered", "unreachable", "timed_out", "unknown", "authorization_required", "refused"]


BodyFormat = Literal["json", "form", "xml"]


@dataclass(frozen=True, slots=True)
class FreeRequest:
    """Where a request goes that is no operation of a provider, and how.

    ``url`` is filled in and percent-encoded; ``profile`` names an authorization profile of the App, or nothing.
    ``repeatable`` says whether it may be sent again when its answer was lost.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body_format: BodyFormat = "json"
    profile: str = ""
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """A call of a provider's operation, or a free request, its values filled in.

    ``timeout`` is in seconds, and so is ``cache_for``: how old an earlier answer to the same call may be that is used
    instead. A free request has no provider, its operation is a name for people, and its parameters are its query.
    """

    node: str
    provider: str
    operation: str
    parameters: Mapping[str, JSON]
    body: JSON
    timeout: float
    cache_for: float = 0
    free: FreeRequest | None = None
    #: Sensitive texts in it, with what is shown in their place wherever the call is recorded.
    sensitive: tuple[tuple[str, str], ...] = ()


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
    #: With "unknown", whether the time ran out before an answer came.
    late: bool = False
    #: With "authorization_required", which provider has to be authorized.
    provider: str = ""
    #: What a look for a call whose answer was lost came to: {"outcome": "found" | "not_found" | "cannot_tell", "found":
    #: …, "message": …}. None where nobody looked.
    reconciled: Mapping[str, JSON] | None = None


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


#: "webhook": a callback of another system. "form": a page that the person fills in. "agent": a person at a desk.
WaitKind = Literal["webhook", "form", "agent"]
#: "arrived": the callback, or the form's values. "canceled": the person does not want to any more. "expired": the time
#: limit is over. Of an agent: "said" something, "returned" the conversation to the dialog, "closed" it.
EventKind = Literal["arrived", "canceled", "expired", "said", "returned", "closed"]


@dataclass(frozen=True, slots=True)
class WaitRequest:
    """What a node wants to wait for: ``data`` is for whoever opens it, ``timeout`` in seconds from now."""

    node: str
    kind: WaitKind
    timeout: float
    data: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Awaited:
    """A wait that is open: what the state keeps of it. ``url`` is a page for the person, where there is one."""

    id: str
    kind: WaitKind
    expires_at: datetime
    url: str = ""

    def to_json(self) -> dict[str, JSON]:
        values = {"id": self.id, "kind": self.kind, "expires_at": self.expires_at.isoformat()}
        return values | ({"url": self.url} if self.url else {})

    @classmethod
    def from_json(cls, kept: Mapping[str, JSON]) -> Self:
        return cls(**{**kept, "expires_at": datetime.fromisoformat(kept["expires_at"])})


@dataclass(frozen=True, slots=True)
class Opening:
    """What became of a request to wait: an open wait, or the reason why there is none.

    ``result`` is the exchange with the other system, where there was one; without a wait, it is all there is.
    """

    awaited: Awaited | None = None
    result: OperationResult | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that came for an open wait."""

    wait: str
    kind: EventKind
    data: JSON = None


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """What a script left behind. With an ``error`` (one sentence, without the node's name) the context is untouched."""

    context: Mapping[str, JSON]
    printed: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    error: str | None = None
    #: For how many minutes it wants values of the session to last, by scope and key; null is for good.
    lifetimes: Mapping[str, JSON] = field(default_factory=dict)
    #: What it wants shown beside what it printed: {quick_replies, buttons, data}.
    shown: tuple[Mapping[str, JSON], ...] = ()


class ScriptRunner(Protocol):
    def run(self, code: str, context: Mapping[str, Any], timeout: float) -> ScriptResult:
        """Run JavaScript over a copy of ``context``, ``timeout`` seconds at most. An error is in the result."""

    def check(self, code: str) -> str | None:
        """Compile without running: None, or what is wrong in one sentence."""
