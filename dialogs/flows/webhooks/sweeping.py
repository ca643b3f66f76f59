"""What the clock does for webhooks: finds what was left behind, gives up what is too old, forgets what is older."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from dialogs.models import Webhook, WebhookDelivery, WebhookEvent

from . import lanes
from .delivering import due_now
from .handing_out import hand_out

#: Seconds between two looks, and rows that one look takes.
PERIOD, AT_A_TIME = 15, 500
#: Rows that are deleted at a time.
PAGE: Final = 2000

State = WebhookDelivery.State


def sweep() -> set[int]:
    """Hands out events that a crash or an unreachable queue left behind; the webhooks that have something to send."""
    now = timezone.now()
    late = WebhookEvent.objects.filter(handed_out_at=None, created_at__lt=now - timedelta(seconds=PERIOD))
    hand_out(list(late.order_by("pk").values_list("pk", flat=True)[:AT_A_TIME]))
    give_up(now)
    due = due_now().order_by().values_list("webhook_id", flat=True).distinct()
    return set(lanes.open_now(now).filter(pk__in=due).values_list("pk", flat=True))


def give_up(now: datetime) -> int:
    """Ends deliveries whose day is over although they could not be tried: the webhook is off, or rests; how many."""
    waiting = WebhookDelivery.objects.filter(next_attempt_at__isnull=False, retry_until__lte=now)
    idle = Webhook.objects.exclude(lane_until__gt=now)
    return waiting.filter(webhook__in=idle).update(state=State.GIVEN_UP, next_attempt_at=None)


def prune(before: datetime) -> int:
    """Deletes events from before then with their deliveries, a page at a time; how many events."""
    old = WebhookEvent.objects.filter(created_at__lt=before).order_by("created_at")
    count = 0
    while keys := list(old.values_list("pk", flat=True)[:PAGE]):
        WebhookEvent.objects.filter(pk__in=keys).delete()
        count += len(keys)
    return count
