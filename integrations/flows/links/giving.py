"""A link that is given where the person talks to the App."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from integrations.catalog import registry
from integrations.link_errors import ActionNotEnabled, EndUserElsewhere
from integrations.models import Action
from xoplatform.models import App, EndUser

from .invitations import SENDING, send
from .making import Channel, create

if TYPE_CHECKING:
    from datetime import datetime

    from integrations.models import AuthorizationLink


@dataclass(frozen=True)
class LinkInfo:
    """What to tell the person; ``code_needed``: after consent the page shows a code to be typed back."""

    url: str = field(repr=False)
    expires_at: datetime
    code_needed: bool


def give_link(app_id: int, end_user_id: int, provider: str, reference: str = "", *, vouched: bool = False) -> LinkInfo:
    """See `integrations.api.authorization_link`."""
    action = _enabled(app_id, provider)
    end_user = EndUser.objects.filter(pk=end_user_id, app_id=app_id).first()
    if end_user is None:
        raise EndUserElsewhere(app=action.app.name)
    link, url = create(action, end_user, Channel.CHAT, reference, vouched=vouched)
    return LinkInfo(url, link.expires_at, link.code_needed)


def hand_over(
    app_id: int, end_user: EndUser, provider: str, *, vouched: bool = False, user: Any = None
) -> tuple[AuthorizationLink, str]:
    """A link for a program that gives it to the person itself, and its address, which is not kept.

    ``user`` is the staff user or the API key that asked. Raises what `give_link` raises, and UnknownProvider.
    """
    return create(_enabled(app_id, provider), end_user, Channel.API, vouched=vouched, user=user)


def mail_over(app_id: int, end_user: EndUser, provider: str, *, user: Any = None) -> AuthorizationLink:
    """A link that goes to the person's stored address. Raises what `invitations.send` raises, and UnknownProvider."""
    return send(_enabled(app_id, provider), end_user, user=user)


def _enabled(app_id: int, provider: str) -> Action:
    title = registry.provider(provider).manifest.title
    action = Action.objects.select_related("app").filter(app_id=app_id, provider=provider).first()
    if action is None or action.status not in SENDING:
        app = action.app if action else App.objects.get(pk=app_id)
        raise ActionNotEnabled(app=app.name, provider=title)
    return action
