"""From a token back to its link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from integrations.link_errors import LinkExpired, LinkRevoked, LinkUnknown, LinkUsed
from integrations.models import AuthorizationLink
from integrations.oauth.state import digest

if TYPE_CHECKING:
    from django.db.models import QuerySet

State = AuthorizationLink.State
OPEN = (State.PENDING, State.OPENED)


def live() -> QuerySet[AuthorizationLink]:
    """Links that can still be used."""
    return AuthorizationLink.objects.filter(state__in=OPEN, expires_at__gt=timezone.now())


def resolve(token: str) -> AuthorizationLink:
    """The link that this token opens. Looking it up changes nothing.

    Raises LinkUnknown, LinkUsed, LinkRevoked or LinkExpired; the last three carry the link as ``link``.
    """
    rows = AuthorizationLink.objects.select_related("action__app", "action__profile", "end_user")
    link = rows.filter(token_hash=digest(token)).first()
    if link is None:
        raise LinkUnknown
    require_live(link)
    return link


def require_live(link: AuthorizationLink) -> None:
    """Raises LinkUsed, LinkRevoked or LinkExpired."""
    if link.state == State.USED:
        raise LinkUsed(link)
    if link.state == State.REVOKED:
        raise LinkRevoked(link)
    if link.expired:
        raise LinkExpired(link)
