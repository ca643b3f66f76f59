"""What becomes of a delivery and of its webhook after a try."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from dialogs.models import Webhook, WebhookDelivery
from dialogs.outside.telling import GONE

from . import outbox
from .schedule import hold_after, pause_after

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dialogs.outside.telling import Answer

#: Columns that `settle` changes.
COLUMNS: Final = ("state", "attempts", "tries", "next_attempt_at", "started_at")
#: Tries that a delivery remembers.
REMEMBERED: Final = 50
CUT_OFF: Final = "The worker that sent it ended before the answer came. Whether it arrived is unknown."
SWITCHED_OFF: Final = "The receiver answered 410: it wants nothing more. Turn the webhook on again when it does."

State = WebhookDelivery.State


def settle(row: WebhookDelivery, answer: Answer) -> None:
    """Notes the try that began at ``row.started_at``, and when the next one is due. The caller stores `COLUMNS`."""
    _remember(row, {"status": answer.status, "duration_ms": answer.duration_ms, "error": answer.error})
    if answer.taken:
        row.state, row.next_attempt_at = State.DELIVERED, None
        return
    row.next_attempt_at = None if answer.status == GONE else _next(row, answer)
    row.state = State.GIVEN_UP if row.next_attempt_at is None else State.FAILED


def note_cut_off(row: WebhookDelivery) -> None:
    """Notes the try of a worker that ended before it could."""
    if row.started_at is not None:
        _remember(row, {"status": None, "duration_ms": None, "error": CUT_OFF})


def _remember(row: WebhookDelivery, told: dict[str, Any]) -> None:
    began = (row.started_at or timezone.now()).isoformat()
    row.attempts = [*row.attempts, {"at": began, **told}][-REMEMBERED:]
    row.tries, row.started_at = row.tries + 1, None


def _next(row: WebhookDelivery, answer: Answer) -> datetime | None:
    """When it is tried again: as planned, or later if the receiver asked for it; None when its day is over."""
    pause = pause_after(row.tries)
    if pause is None:
        return None
    due = timezone.now() + max(pause, timedelta(seconds=answer.wait or 0))
    return due if due < row.retry_until else None


def note_round(hook: Webhook, answers: Sequence[Answer]) -> bool:
    """Notes on the webhook how a round went; whether it may be sent more now."""
    if any(answer.status == GONE for answer in answers):
        Webhook.objects.filter(pk=hook.pk).update(active=False, off_reason=SWITCHED_OFF)
        outbox.forget(hook.app_id)
        return False
    asked = max((answer.wait or 0 for answer in answers if answer.receiver_is_down), default=0)
    if all(answer.receiver_is_down for answer in answers):
        hook.failures += 1
        rest = max(hold_after(hook.failures), timedelta(seconds=asked))
    else:
        hook.failures, rest = 0, timedelta(seconds=asked)
    hook.held_until = timezone.now() + rest if rest else None
    # Not saved but updated: it may have been deleted meanwhile.
    Webhook.objects.filter(pk=hook.pk).update(failures=hook.failures, held_until=hook.held_until)
    return not rest
