"""What a node's step returns. Nodes touch nothing: the engine reads these and acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xoplatform.core.templating import Path

    from .effects import JSON, Awaited, OperationRequest, WaitRequest


@dataclass(frozen=True, slots=True)
class Reply:
    """Something said to the person. Quick replies are (title, value); ``data`` is for channels that show more."""

    text: str
    quick_replies: tuple[tuple[str, str], ...] = ()
    data: dict[str, JSON] | None = None

    def to_json(self) -> dict[str, JSON]:
        quick = [{"title": title, "value": value} for title, value in self.quick_replies]
        return {"text": self.text, "quick_replies": quick, "data": self.data}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What every step may do besides: say something, change the context, or replace all of it, as a script left it.

    ``unfit`` says that the answer which led here would not do, whatever the node makes of that. ``decisions`` tell
    developers, in the trace, how values were found: whole sentences without sensitive values.
    """

    replies: tuple[Reply, ...] = ()
    changes: Mapping[Path, Any] = field(default_factory=dict)
    context: Mapping[str, JSON] | None = None
    unfit: bool = False
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceed(Step):
    """Follow the node's transitions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Step):
    """Wait here for an answer. ``retries`` counts the answers that would not do.

    ``offered`` and ``handed`` are in the `View` of the answer; they are stored between turns, so keep them small.
    """

    retries: int = 0
    offered: tuple[str, ...] = ()
    handed: JSON = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoTo(Step):
    """Go on at a node, or "@end", whatever the transitions say. ``reason`` tells in the trace why."""

    target: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter(Step):
    """Go on at an inner node."""

    first: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTask(Step):
    """Go on with another dialog task of the App, by its name; ``values`` are put into its context.

    With ``returns`` its context is handed to the node's `returned` when it is complete; else this task is over.
    """

    task: str
    values: Mapping[Path, Any] = field(default_factory=dict)
    returns: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Step):
    """Have an operation called, then hand the result to the node's `called`, with ``handed`` in its `View`."""

    request: OperationRequest
    handed: JSON = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitAuthorization(Step):
    """Wait here until the provider has been authorized, then enter the node again.

    ``message`` says what is missing; ``grant`` is the mark of the grant that would not do, if there was one. ``handed``
    is in the `View` when the node is entered again.
    """

    provider: str
    message: str = ""
    grant: str = ""
    handed: JSON = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAuthorization(Step):
    """Go on only when everything that the task calls can be called for this person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWait(Step):
    """Have a wait opened, then hand what came of it to the node's `opened`."""

    request: WaitRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitEvent(Step):
    """Wait here until something comes from outside, then hand it to the node's `happened`."""

    awaited: Awaited


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell(Step):
    """Have the person's words sent to whom the wait leads, then hand the result to the node's `told`."""

    awaited: Awaited
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Step):
    """End the task because the person wants no more of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Step):
    """Have a script run, then hand the result to the node's `ran`, with ``handed`` in its `View`.

    ``timeout`` is in seconds.
    """

    code: str
    timeout: float
    handed: JSON = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail(Step):
    """End the task: ``message`` tells the person what happened, ``error`` tells developers."""

    message: str
    error: str
