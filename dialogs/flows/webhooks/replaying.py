"""Sending deliveries once more. They keep their id and what they tell, so a receiver that took them knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from dialogs.errors import QueueUnreachable, WebhookIsOff
from dialogs.flows.queue import enqueue
from dialogs.models import Webhook, WebhookDelivery

from .schedule import LIMIT

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

State = WebhookDelivery.State
FAILED = (State.FAILED, State.GIVEN_UP)


def replay(delivery: WebhookDelivery) -> None:
    """Has one delivery sent again, for another day if need be, whatever became of it. Raises WebhookIsOff."""
    _again(delivery.webhook, WebhookDelivery.objects.filter(pk=delivery.pk))


def replay_failed(hook: Webhook, since: datetime) -> int:
    """Has all deliveries since then sent again that were not taken; how many. Raises WebhookIsOff."""
    return _again(hook, failed(hook, since))


def failed(hook: Webhook, since: datetime) -> QuerySet[WebhookDelivery]:
    """Deliveries since then that were not taken. Pings are not among them: they are no news."""
    rows = WebhookDelivery.objects.filter(webhook=hook, state__in=FAILED, created_at__gte=since)
    return rows.exclude(type="ping")


def _again(hook: Webhook, rows: QuerySet[WebhookDelivery]) -> int:
    if not hook.active:
        raise WebhookIsOff(name=hook.name)
    now = timezone.now()
    count = rows.update(state=State.QUEUED, tries=0, next_attempt_at=now, retry_until=now + LIMIT)
    # Somebody has seen to the receiver: it is not left to rest.
    Webhook.objects.filter(pk=hook.pk).update(failures=0, held_until=None)
    try:
        enqueue("deliver_webhook", webhook_id=hook.pk)
    except QueueUnreachable:
        return count  # the sweep finds them
    return count
