"""A webhook's lane: whoever holds it delivers, so that nothing is sent by two workers at once.

A webhook takes up one worker at most, and one whose receiver is down hardly any: it rests between single tries, and
only one such webhook of all is tried at a time.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils import timezone

from dialogs.models import Webhook

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

#: Longer than the slowest round takes. After a crash the lane is free again when it is over.
HELD_FOR: Final = timedelta(seconds=40)


def take(webhook_id: int) -> Webhook | None:
    """The webhook, with its lane in our hands; None while it rests, is off, or somebody else delivers."""
    token, now = uuid.uuid4(), timezone.now()
    free = open_now(now).filter(pk=webhook_id)
    if Webhook.objects.filter(failures__gt=0, lane_until__gt=now).exclude(pk=webhook_id).exists():
        free = free.filter(failures=0)
    if not free.update(lane=token, lane_until=now + HELD_FOR):
        return None
    return Webhook.objects.select_related("app").get(pk=webhook_id)


def open_now(now: datetime) -> QuerySet[Webhook]:
    """Webhooks to which something may be sent now."""
    idle = Q(lane_until=None) | Q(lane_until__lte=now)
    awake = Q(held_until=None) | Q(held_until__lte=now)
    return Webhook.objects.filter(idle, awake, active=True)


def free(webhook_ids: Iterable[int]) -> list[int]:
    """Those of these webhooks to which somebody should deliver now, the healthy ones first.

    Whoever holds the lane of another looks again after leaving it, so nobody need be told of those.
    """
    rows = open_now(timezone.now()).filter(pk__in=list(webhook_ids)).order_by("failures", "pk")
    return list(rows.values_list("pk", flat=True))


def keep(hook: Webhook) -> bool:
    """Holds the lane for another round; False when it was lost, or the webhook was turned off or deleted."""
    mine = Webhook.objects.filter(pk=hook.pk, lane=hook.lane, active=True)
    return bool(mine.update(lane_until=timezone.now() + HELD_FOR))


def leave(hook: Webhook) -> None:
    """Gives the lane back, if it is still ours."""
    Webhook.objects.filter(pk=hook.pk, lane=hook.lane).update(lane=None, lane_until=None)
