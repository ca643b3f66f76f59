"""What a task waits for until somebody has authorized: kept in the state, repeated to the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from dialogs.nodes.steps import Reply

from . import phrases

if TYPE_CHECKING:
    from dialogs.nodes.steps import AwaitAuthorization

    from .ports import Ports
    from .state import State


@dataclass(frozen=True, slots=True)
class Pending:
    """``message`` says what is missing. Without a ``url`` it is not the person's to give, so there is only waiting."""

    provider: str = ""
    message: str = ""
    grant: str = ""
    url: str = ""
    expires_at: datetime | None = None
    code_needed: bool = False

    @classmethod
    def of(cls, state: State) -> Self:
        kept = dict(state.authorization)
        if expires_at := kept.get("expires_at"):
            kept["expires_at"] = datetime.fromisoformat(expires_at)
        return cls(**kept)

    def to_json(self) -> dict[str, Any]:
        """Only what there is to tell."""
        values = {
            "provider": self.provider,
            "message": self.message,
            "grant": self.grant,
            "url": self.url,
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "code_needed": self.code_needed,
        }
        return {key: value for key, value in values.items() if value}

    def lives(self, now: datetime) -> bool:
        return self.expires_at is not None and now < self.expires_at

    def reply(self, now: datetime, before: str = "") -> Reply:
        """What is missing and where to give it, as text and as data."""
        quick = (("Cancel", "cancel"),)
        if not self.url or self.expires_at is None:
            return Reply(_joined(before, self.message, phrases.wait_for_others()), quick)
        minutes = int((self.expires_at - now).total_seconds() // 60)
        invitation = phrases.open_link(self.url, minutes, code_needed=self.code_needed)
        return Reply(_joined(before, self.message, invitation), quick, self._data())

    def _data(self) -> dict[str, Any]:
        return {
            "type": "authorization_required",
            "url": self.url,
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "provider": self.provider,
            "code_needed": self.code_needed,
        }


def pending_for(step: AwaitAuthorization, before: Pending, ports: Ports) -> Pending:
    """What to wait for at a step: the link of ``before`` as long as it lives and nobody has authorized since."""
    if before.provider == step.provider and before.grant == step.grant and before.lives(ports.clock.now()):
        return before
    invitation = ports.authorizations.invite(step.provider)
    if invitation is None:
        return Pending(step.provider, step.message, step.grant)
    return Pending(
        step.provider,
        step.message,
        step.grant,
        invitation.url,
        invitation.expires_at,
        invitation.code_needed,
    )


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
