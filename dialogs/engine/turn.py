"""What a turn gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.nodes.steps import Reply

    from .state import State

EndReason = Literal["fulfilled", "canceled", "failed"]


@dataclass(frozen=True, slots=True)
class Turn:
    """The next state, what to say, how it came about, and why the task ended if it did.

    ``sensitive`` asks the caller not to keep the message as it was typed.
    """

    state: State
    replies: tuple[Reply, ...] = ()
    trace: Mapping[str, Any] = field(default_factory=dict)
    end_reason: EndReason | None = None
    sensitive: bool = False
