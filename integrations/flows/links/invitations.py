"""A mailed link for one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from integrations.catalog import registry
from integrations.flows import audit
from integrations.flows.queue import enqueue_on_commit
from integrations.link_errors import ActionNotEnabled, NoMailAddress
from integrations.models import Action, AuthorizationLink

from .audience import UNDER_WAY, Delivery, unconnected
from .ending import revoke
from .finding import live
from .history import note
from .making import Channel, require_use, unsent

if TYPE_CHECKING:
    from xoplatform.models import EndUser

#: Status of actions whose links are mailed.
SENDING = (Action.Status.ENABLED, Action.Status.ERROR)


def send(action: Action, end_user: EndUser, *, user: Any = None) -> AuthorizationLink:
    """Queues a mail with a new link for this person. Links mailed to them before stop working.

    ``user`` is the staff user or the API key that asked. Raises LinksNotUsed, EndUserElsewhere, ActionNotEnabled or
    NoMailAddress.
    """
    require_use(action, end_user)
    if action.status not in SENDING:
        raise ActionNotEnabled(app=action.app.name, provider=registry.provider(action.provider).manifest.title)
    if not end_user.email:
        raise NoMailAddress(person=str(end_user))
    with transaction.atomic():
        for old in live().filter(action=action, end_user=end_user, channel=Channel.MAIL):
            revoke(old, user=user)
        columns = {"delivery": Delivery.QUEUED, "send_after": timezone.now(), "created_by": audit.staff_of(user)}
        link = unsent(action, end_user, Channel.MAIL, **columns)
        link.save()
        note(link, audit.Verb.LINK_CREATED, actor=user)
        enqueue_on_commit("send_links")
    return link


def resend(link: AuthorizationLink, *, user: Any = None) -> AuthorizationLink:
    """A new link by mail in place of this one, which stops working. Raises what `send` raises."""
    return send(link.action, link.end_user, user=user)


def invite(end_user: EndUser) -> list[AuthorizationLink]:
    """Mails a new end user a link for every action that invites new people. One query where none does."""
    if not end_user.email:
        return []
    actions = Action.objects.filter(
        app_id=end_user.app_id,
        invite_new_users=True,
        authorization_type=Action.AuthorizationType.ALLOW_USERS,
        status__in=SENDING,
    ).select_related("app")
    return [send(action, end_user) for action in actions if _needs_one(action, end_user)]


def _needs_one(action: Action, end_user: EndUser) -> bool:
    holding = live().filter(action=action, end_user=end_user, channel=Channel.MAIL, delivery__in=UNDER_WAY)
    return not holding.exists() and unconnected(action).filter(pk=end_user.pk).exists()
