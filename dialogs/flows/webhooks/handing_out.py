"""From events to deliveries: one for each webhook that listens, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from dialogs.models import Webhook, WebhookDelivery, WebhookEvent

from .schedule import LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Events that one job hands out besides its own.
AT_A_TIME: Final = 100


def hand_out(event_ids: Iterable[int]) -> set[int]:
    """Makes the deliveries of events that have none yet; the webhooks that have something to send now."""
    found: set[int] = set()
    for event_id in event_ids:
        found |= _hand_out(event_id)
    return found


def pending() -> list[int]:
    """Events that have no deliveries yet, the oldest first: one job does the work of those queued behind it."""
    rows = WebhookEvent.objects.filter(handed_out_at=None).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:AT_A_TIME])


def _hand_out(event_id: int) -> set[int]:
    with transaction.atomic():
        # The row stays locked until its deliveries are there, so two workers make them once.
        mine = WebhookEvent.objects.filter(pk=event_id, handed_out_at=None).update(handed_out_at=timezone.now())
        if not mine:
            return set()
        event = WebhookEvent.objects.get(pk=event_id)
        hooks = [hook for hook in Webhook.objects.filter(app=event.app_id, active=True) if event.type in hook.events]
        WebhookDelivery.objects.bulk_create([delivery_of(event, hook) for hook in hooks])
    return {hook.pk for hook in hooks}


def delivery_of(event: WebhookEvent, hook: Webhook) -> WebhookDelivery:
    """A delivery that is not stored yet."""
    now = timezone.now()
    return WebhookDelivery(
        webhook=hook, event=event, type=event.type, next_attempt_at=now, retry_until=now + LIMIT, created_at=now
    )
