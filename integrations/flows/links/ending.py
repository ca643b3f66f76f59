"""Opened, used, revoked: each decided by one UPDATE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from integrations.flows import audit
from integrations.models import AuthorizationLink

from .finding import OPEN, State, live, require_live
from .history import note

if TYPE_CHECKING:
    from collections.abc import Iterable

Delivery = AuthorizationLink.Delivery


def mark_opened(link: AuthorizationLink) -> None:
    """Notes that the person went on from the link's page; a visit alone is no reason to call this."""
    with transaction.atomic():
        pending = live().filter(pk=link.pk, state=State.PENDING)
        if pending.update(state=State.OPENED, opened_at=timezone.now()):
            note(link, audit.Verb.LINK_OPENED)
    link.refresh_from_db()


def mark_used(link: AuthorizationLink) -> None:
    """Uses the link up, and with it all others that this person holds for the action.

    Of two uses at the same instant one succeeds. Call it in the transaction that stores the grant. Raises
    LinkUsed, LinkRevoked or LinkExpired.
    """
    now = timezone.now()
    with transaction.atomic():
        if not live().filter(pk=link.pk).update(state=State.USED, used_at=now):
            link.refresh_from_db()
            require_live(link)
        # Those that have expired stay what they are: expired.
        live().filter(action_id=link.action_id, end_user_id=link.end_user_id).update(**_revoked())
        note(link, audit.Verb.LINK_USED)
    link.refresh_from_db()


def revoke(link: AuthorizationLink, *, user: Any = None) -> bool:
    """Makes the link unusable; a mail still waiting is not sent. Returns whether there was something to revoke."""
    with transaction.atomic():
        rows = AuthorizationLink.objects.filter(pk=link.pk, state__in=OPEN)
        revoked = bool(rows.update(**_revoked()))
        if revoked:
            note(link, audit.Verb.LINK_REVOKED, actor=user)
    link.refresh_from_db()
    return revoked


def revoke_many(links: Iterable[AuthorizationLink], *, user: Any = None) -> int:
    """Revokes each of them; how many could still be used."""
    return sum(revoke(link, user=user) for link in links)


def _revoked() -> dict[str, Any]:
    unsent = Case(When(delivery=Delivery.QUEUED, then=Value(Delivery.NONE)), default=F("delivery"))
    return {"state": State.REVOKED, "revoked_at": timezone.now(), "delivery": unsent}
