"""Sends what is due to one webhook, a few at a time, and stores what became of each."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from dialogs.models import WebhookDelivery
from dialogs.outside.telling import Answer, Telling, tell
from xoplatform.core.crypto import SecretUnreadable

from . import lanes
from .outcomes import COLUMNS, note_cut_off, note_round, settle
from .payload import payload_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from dialogs.models import Webhook

#: Deliveries to one webhook that are under way at once.
AT_ONCE: Final = 8
#: Seconds after which a worker hands a webhook with much to send back to the queue.
SPELL: Final = 20.0
UNREADABLE: Final = "Its signing secret cannot be read, so nothing was sent. A developer can make a new one."


def deliver(webhook_id: int) -> bool:
    """Sends what is due; whether there is more to send right away. Does nothing while somebody else does it."""
    hook = lanes.take(webhook_id)
    if hook is None:
        return False
    until = time.monotonic() + SPELL
    try:
        while rows := _due(hook):
            if not _round(hook, rows) or time.monotonic() > until or not lanes.keep(hook):
                break
    finally:
        lanes.leave(hook)
    # Looked at after the lane was left: whatever came while it was held was told that somebody delivers already.
    return lanes.open_now(timezone.now()).filter(pk=hook.pk).exists() and due_now().filter(webhook=hook.pk).exists()


def due_now() -> QuerySet[WebhookDelivery]:
    """Deliveries whose time has come."""
    return WebhookDelivery.objects.filter(next_attempt_at__lte=timezone.now())


def _due(hook: Webhook) -> list[WebhookDelivery]:
    rows = due_now().filter(webhook=hook.pk).select_related("event").order_by("next_attempt_at", "pk")
    return list(rows[: 1 if hook.failures else AT_ONCE])


def _round(hook: Webhook, rows: Sequence[WebhookDelivery]) -> bool:
    """Tries these once; whether the webhook takes more now."""
    # What a worker that died had begun is noted first: from here on the time of this try stands there.
    for row in rows:
        note_cut_off(row)
        row.started_at = timezone.now()
    WebhookDelivery.objects.bulk_update(rows, COLUMNS)
    answers = send(hook, rows)
    for row, answer in zip(rows, answers, strict=True):
        settle(row, answer)
    WebhookDelivery.objects.bulk_update(rows, COLUMNS)
    return note_round(hook, answers)


def send(hook: Webhook, rows: Sequence[WebhookDelivery]) -> list[Answer]:
    """Sends these at once, and waits for all answers. Open no database transaction around it."""
    try:
        secrets = [hook.secret.reveal(), *([hook.earlier_secret.reveal()] if hook.both_secrets else [])]
    except SecretUnreadable:
        return [Answer(None, UNREADABLE, 0)] * len(rows)
    tellings = [_telling(hook, row, secrets) for row in rows]
    with ThreadPoolExecutor(len(rows), thread_name_prefix="webhook") as pool:
        return list(pool.map(tell, tellings))


def _telling(hook: Webhook, row: WebhookDelivery, secrets: Sequence[str]) -> Telling:
    payload = payload_of(row.event, hook.app.slug, addresses=True)
    return Telling(row.event.public_id, hook.name, hook.url, payload, secrets)
