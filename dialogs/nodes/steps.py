"""What a node's step returns. Nodes touch nothing: the engine reads these and acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xoplatform.core.templating import Path

    from .effects import JSON, OperationRequest


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
    """What every step may do besides: say something, change the context."""

    replies: tuple[Reply, ...] = ()
    changes: Mapping[Path, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceed(Step):
    """Follow the node's transitions. ``context`` replaces the whole one, as a script left it."""

    context: Mapping[str, JSON] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Step):
    """Wait here for an answer. ``retries`` counts the answers that would not do; ``offered`` is remembered."""

    retries: int = 0
    offered: tuple[str, ...] = ()


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
class Call(Step):
    """Have an operation called, then hand the result to the node's `called`."""

    request: OperationRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitAuthorization(Step):
    """Wait here until the provider has been authorized, then enter the node again.

    ``message`` says what is missing; ``grant`` is the mark of the grant that would not do, if there was one.
    """

    provider: str
    message: str = ""
    grant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAuthorization(Step):
    """Go on only when everything that the task calls can be called for this person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Step):
    """Have a script run, then hand the result to the node's `ran`. ``timeout`` is in seconds."""

    code: str
    timeout: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail(Step):
    """End the task: ``message`` tells the person what happened, ``error`` tells developers."""

    message: str
    error: str
