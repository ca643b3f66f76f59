"""New links and their tokens."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from integrations.catalog import registry
from integrations.flows import audit
from integrations.link_errors import EndUserElsewhere, LinksNotUsed
from integrations.models import AuthorizationLink
from integrations.oauth.state import digest

from .history import note

if TYPE_CHECKING:
    from integrations.models import Action
    from xoplatform.models import EndUser

Channel = AuthorizationLink.Channel

#: How long a link can be used, by the way it reaches the person.
LIFETIMES = {Channel.MAIL: timedelta(days=7), Channel.CHAT: timedelta(hours=1), Channel.API: timedelta(hours=1)}


def new_token() -> str:
    """A fresh token of 256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def url_of(token: str) -> str:
    """The address that the person opens. It is a secret: it goes to that person and nowhere else."""
    return f"{settings.XO_BASE_URL}/authorize/{token}/"


def unsent(action: Action, end_user: EndUser, channel: str, **columns: Any) -> AuthorizationLink:
    """A link that nobody holds yet: its token is thrown away, so that it opens only once it gets another."""
    return AuthorizationLink(
        action=action,
        end_user=end_user,
        channel=channel,
        token_hash=digest(new_token()),
        expires_at=timezone.now() + LIFETIMES[Channel(channel)],
        **columns,
    )


def create(
    action: Action,
    end_user: EndUser,
    channel: str,
    reference: str = "",
    *,
    vouched: bool = False,
    user: Any = None,
) -> tuple[AuthorizationLink, str]:
    """A link for this person, and its address, which is not kept and cannot be shown again.

    ``vouched``: the channel has signed the person in, so no code is typed back. ``reference`` names what waits
    for it; ``user`` is the staff user or the API key that asked. Raises LinksNotUsed when the App's own grant serves
    everybody, and EndUserElsewhere.
    """
    require_use(action, end_user)
    token = new_token()
    link = unsent(action, end_user, channel, reference=reference, vouched=vouched, created_by=audit.staff_of(user))
    link.token_hash = digest(token)
    with transaction.atomic():
        link.save()
        note(link, audit.Verb.LINK_CREATED, actor=user)
    return link, url_of(token)


def require_use(action: Action, end_user: EndUser | None = None) -> None:
    """Raises LinksNotUsed unless each person authorizes, and EndUserElsewhere for a stranger to the App."""
    if action.pre_authorized:
        title = registry.provider(action.provider).manifest.title
        raise LinksNotUsed(app=action.app.name, provider=title)
    if end_user is not None and end_user.app_id != action.app_id:
        raise EndUserElsewhere(app=action.app.name)
