"""Who still has to authorize."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from integrations.flows.choices import foreign_grants
from integrations.models import AuthorizationLink, Connection
from xoplatform.models import EndUser

from .finding import live

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from integrations.models import Action

Delivery = AuthorizationLink.Delivery
#: Mails that left, may have left, or will.
UNDER_WAY = (Delivery.QUEUED, Delivery.SENDING, Delivery.SENT, Delivery.UNKNOWN)


@dataclass(frozen=True)
class Audience:
    """``by_mail`` people will be sent a link, ``in_chat`` have no e-mail, ``holding`` have a link that still works."""

    by_mail: int
    in_chat: int
    holding: int


def unconnected(action: Action) -> QuerySet[EndUser]:
    """End users of the App without a usable connection of their own, with what is chosen on ``action`` now."""
    usable = Connection.objects.filter(action_id=action.pk, end_user=OuterRef("pk"), state=Connection.State.CONNECTED)
    if action.pk is not None:
        usable = usable.exclude(pk__in=foreign_grants(action).values("pk"))
    return EndUser.objects.filter(~Exists(usable), app_id=action.app_id)


def to_invite(action: Action) -> QuerySet[EndUser]:
    """Those of them who hold no mailed link that still works."""
    return unconnected(action).filter(~Exists(_mailed(action)))


def audience_of(action: Action) -> Audience:
    """How many people a round of links reaches; two queries, however many they are."""
    counted = to_invite(action).aggregate(
        by_mail=Count("pk", filter=~Q(email="")), in_chat=Count("pk", filter=Q(email=""))
    )
    holding = unconnected(action).filter(Exists(_mailed(action))).count() if action.pk else 0
    return Audience(**counted, holding=holding)


def _mailed(action: Action) -> QuerySet[AuthorizationLink]:
    return live().filter(
        action_id=action.pk, end_user=OuterRef("pk"), channel=AuthorizationLink.Channel.MAIL, delivery__in=UNDER_WAY
    )
