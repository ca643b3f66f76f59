"""What comes from outside for a conversation that waits: kept once, then taken by a turn of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from dialogs.engine.context import ContextTooLarge, measured
from dialogs.engine.ports import Event
from dialogs.errors import BadDelivery, QueueUnreachable, UnknownAddress, WaitOver
from dialogs.models import Arrival, Wait
from dialogs.outside.addresses import digest

from .queue import enqueue

if TYPE_CHECKING:
    from .turns import Work

log = structlog.get_logger(__name__)

#: Why an address takes nothing any more, by what ended the wait.
OVER: Final = {
    "arrived": "it has been answered.",
    "canceled": "the person canceled it.",
    "expired": "its time limit is over.",
    "returned": "the conversation was given back.",
    "closed": "the chat was ended.",
    "left": "the conversation went on without it.",
}
#: Kinds after which a wait may still be answered.
GOES_ON: Final = frozenset({"said"})


def wait_at(token: str, kind: str) -> Wait:
    """The wait that an address leads to, with its conversation, open or not. Raises UnknownAddress."""
    rows = Wait.objects.select_related("conversation__app", "conversation__end_user")
    found = rows.filter(token_hash=digest(token), kind=kind).first()
    if found is None:
        raise UnknownAddress
    return found


def require_open(wait: Wait) -> None:
    """Raises WaitOver, with the reason in words."""
    if wait.status != Wait.Status.OPEN:
        raise over(wait.ended_by)
    if wait.expires_at <= timezone.now():
        raise over("expired")


def over(ended_by: str) -> WaitOver:
    """The error for a wait that is over, by what ended it."""
    return WaitOver(reason=OVER.get(ended_by, OVER["left"]), ended_by=ended_by)


def keep(wait: Wait, kind: str, data: Any = None, delivery: str = "") -> bool:
    """Stores what came and sets the conversation going; False when this delivery was kept before.

    All kinds but "said" end the wait. Raises WaitOver when it was ended already, and BadDelivery for data that is
    nested too deeply to be kept.
    """
    try:
        data, _size = measured(data)
    except ContextTooLarge:
        raise BadDelivery(reason="it is nested too deeply.") from None
    try:
        with transaction.atomic():
            # First, so that a repeated delivery is known although the wait is over.
            Arrival.objects.create(wait=wait, delivery=delivery or kind, kind=kind, data=data)
            _end(wait, kind)
    except IntegrityError:
        return False
    set_going(str(wait.conversation.public_id))
    return True


def _end(wait: Wait, kind: str) -> None:
    rows = Wait.objects.filter(pk=wait.pk, status=Wait.Status.OPEN)
    if kind in GOES_ON:
        changed = rows.update(expires_at=timezone.now() + timedelta(seconds=wait.timeout))
    else:
        changed = rows.update(status=Wait.Status.ENDED, ended_by=kind)
    if not changed:
        wait.refresh_from_db(fields=["status", "ended_by"])
        raise over(wait.ended_by)


def set_going(public_id: str) -> None:
    """Queues the turn that takes what came. A silent queue is no reason to refuse it: a sweep finds it."""
    try:
        enqueue("take_arrivals", public_id=public_id)
    except QueueUnreachable:
        log.warning("arrival_waits_for_the_sweep", conversation=public_id)


def take(work: Work, arrival_id: int) -> Event:
    """The event that a turn answers; storing the turn marks it as taken, and empties it."""
    arrival = Arrival.objects.select_related("wait").get(pk=arrival_id)
    work.also.append(lambda: put_away(arrival.pk))
    return Event(str(arrival.wait.key), arrival.kind, arrival.data)  # type: ignore[arg-type]  # the column is a text


def put_away(arrival_id: int) -> None:
    """Marks an arrival as taken."""
    Arrival.objects.filter(pk=arrival_id).update(taken_at=timezone.now(), data=None)
