"""Conversations go on by themselves with what came from outside, and do not wait for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from dialogs.errors import WaitOver
from dialogs.models import Arrival, Conversation, Wait

from .arrivals import keep, put_away, set_going
from .converse import Patience
from .desk import tell_of_end
from .perform import Answer, perform
from .recover import recover
from .turns import Said, StaleError, Work

if TYPE_CHECKING:
    import uuid

#: Seconds between two looks at what ran out or was left behind, and rows that one look takes.
PERIOD, AT_A_TIME = 30, 500
#: How long an ended wait is kept, so that its address can say what became of it.
KEPT_FOR = timedelta(days=30)


def take_arrivals(public_id: uuid.UUID, patience: Patience | None = None) -> list[Answer]:
    """Answers what came for a conversation, in the order in which it came, each in a turn of its own.

    What comes too late is put away without a turn. Raises StillWorking when another turn holds the conversation for
    too long.
    """
    patience = patience or Patience()
    answers: list[Answer] = []
    while True:
        row = Conversation.objects.filter(public_id=public_id).first()
        arrival = _next(row) if row is not None else None
        if row is None or arrival is None:
            return answers
        try:
            if row.claim_ran_out:
                answers.append(recover(row))
            elif row.claim:
                patience.wait()
            elif (row.state.get("event") or {}).get("id") == str(arrival.wait.key):
                answers.append(perform(Work(row, Said(None, arrival=arrival.pk))))
            else:
                put_away(arrival.pk)
        except StaleError:
            patience.again()


def _next(row: Conversation) -> Arrival | None:
    rows = Arrival.objects.filter(wait__conversation=row, taken_at=None).select_related("wait")
    return rows.order_by("pk").first()


def end_expired() -> int:
    """Tells conversations whose wait has run out, and sets going what was left behind; how many of both."""
    now = timezone.now()
    ran_out = Wait.objects.filter(status=Wait.Status.OPEN, expires_at__lte=now).select_related("conversation")
    expired = sum(_expire(wait) for wait in ran_out.order_by("expires_at")[:AT_A_TIME])
    left = Arrival.objects.filter(taken_at=None, created_at__lte=now - timedelta(seconds=PERIOD)).order_by("created_at")
    behind = set(left.values_list("wait__conversation__public_id", flat=True)[:AT_A_TIME])
    for public_id in behind:
        set_going(str(public_id))
    return expired + len(behind)


def _expire(wait: Wait) -> bool:
    try:
        expired = keep(wait, "expired")
    except WaitOver:
        return False
    tell_of_end(str(wait.key))
    return expired


def prune() -> int:
    """Deletes waits that ended long ago, with what came for them; how many rows."""
    ended = Wait.objects.filter(status=Wait.Status.ENDED, created_at__lt=timezone.now() - KEPT_FOR)
    return ended.delete()[0]
