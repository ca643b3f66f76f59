"""What a turn gives back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from dialogs.nodes.masking import scrubbed
from xoplatform.logs import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.nodes.effects import ScriptRunner
    from dialogs.nodes.masking import Mask
    from dialogs.nodes.steps import Reply

    from .scopes import SharedValue
    from .state import State

EndReason = Literal["fulfilled", "canceled", "failed"]


@dataclass(frozen=True, slots=True)
class Turn:
    """The next state, what to say, how it came about, and why the task ended if it did.

    ``sensitive`` asks the caller not to keep the message as it was typed, but as `kept` gives it. ``secrets`` are
    texts that are sensitive, with what is shown in their place wherever replies and trace are kept.
    """

    state: State
    replies: tuple[Reply, ...] = ()
    trace: Mapping[str, Any] = field(default_factory=dict)
    end_reason: EndReason | None = None
    sensitive: bool = False
    #: Session values that are to be kept beyond the conversation.
    shared: tuple[SharedValue, ...] = ()
    masks: tuple[Mask, ...] = ()
    secrets: tuple[tuple[str, str], ...] = ()

    def kept(self, message: str, scripts: ScriptRunner) -> str:
        """What may be kept of the message that was answered."""
        if not self.sensitive:
            return message
        if not self.masks:
            return HIDDEN
        for mask in self.masks:
            message = mask.message(message, scripts)
        return str(scrubbed(message, self.secrets))

    def hiding(self, before: Turn) -> Turn:
        """The same, and hidden what an earlier part of the same turn hides."""
        wholly = any(part.sensitive and not part.masks for part in (self, before))
        return replace(
            self,
            sensitive=self.sensitive or before.sensitive,
            masks=() if wholly else (*before.masks, *self.masks),
            secrets=tuple(dict.fromkeys((*before.secrets, *self.secrets))),
        )
