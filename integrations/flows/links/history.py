"""What happened to a link, for the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.flows import audit

if TYPE_CHECKING:
    from integrations.models import AuthorizationLink


def note(link: AuthorizationLink, verb: str, *, actor: Any = None) -> None:
    """Notes it with the link's person, provider and channel; the link itself is not named."""
    audit.note(
        link.action.app,
        verb,
        actor=actor,
        end_user=link.end_user,
        provider=link.action.provider,
        details={"channel": link.channel},
    )
