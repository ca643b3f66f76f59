"""The line of a conversation: messages that cannot be answered at once are answered one by one, as they came.

A place in the line is a row, so it holds across processes and outlives each of them. Whoever takes a place also has
the line worked off; one works at a time, and goes on with what came meanwhile. When that process dies its hold runs
out, and the clock finds what was left behind.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from dialogs.chat_errors import NotAnswered, Unanswerable
from dialogs.errors import QueueUnreachable, StillWorking, UnknownConversation
from dialogs.models import Conversation, QueuedMessage, statements
from xoplatform.core.errors import PlatformError

from .conversations import store
from .converse import Patience, post_message
from .queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Callable

    from .perform import Answer
    from .turns import Said, Work

    Told = Callable[[QueuedMessage, Answer | PlatformError], object]

log = structlog.get_logger(__name__)

#: How long a process that is not heard of is believed to work on a message. Working on it twice does no harm.
HOLD: Final = timedelta(seconds=30)
#: Seconds between two looks for what was left behind, and conversations that one look takes.
PERIOD, AT_A_TIME = 15, 200
#: Seconds to wait for a turn that came to the conversation by another door.
PATIENCE: Final = 20.0
#: Tries of a message whose turn breaks off for a reason that nobody foresaw.
TRIES: Final = 3
#: How long a message that will not be answered can be asked about.
KEPT_FOR: Final = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """A message in line. ``first``: nobody was ahead of it, and it is held for whoever joined."""

    message: QueuedMessage
    first: bool = False


def join(row: Conversation, said: Said, *, waited_for: bool) -> Place:
    """A place behind all that came before; the message's own, where it was delivered before and is not answered.

    Raises UnknownConversation where it was forgotten meanwhile.
    """
    known: dict[str, Any] = {"conversation": row, "client_message_id": said.client_message_id}
    try:
        return _join(row, said, waited_for=waited_for, **known)
    except IntegrityError:
        same = QueuedMessage.objects.filter(**known)
        same.filter(error__isnull=False).delete()
        found = same.first()
        return Place(found) if found else _join(row, said, waited_for=waited_for, **known)


def _join(row: Conversation, said: Said, **values: Any) -> Place:
    content = json.dumps({"text": said.text, "files": list(said.files), "vouched": said.vouched})
    with transaction.atomic():
        if row.pk is None:
            store(row)
        # Places are given one after the other, so that their order is that of the keys.
        if not statements.lock(row.pk):
            raise UnknownConversation
        first = not statements.somebody_waits(row.pk)
        message = QueuedMessage(**values, content=content, held_until=timezone.now() + HOLD if first else None)
        statements.join_line(message)
    return Place(message, first)


def work_off(conversation_id: int, told: Told | None = None, mine: QueuedMessage | None = None) -> int:
    """Answers what waits in this line, the oldest first, until it is empty or another process works on it; how many.

    ``told`` hears what became of each. ``mine`` is the oldest, already held (see `Place`).
    """
    count = 0
    # Its hold may have run out: where threads are too few, it had to wait for one.
    message = mine if mine is not None and mine.is_held else _next(conversation_id)
    while message and (outcome := _answer(message)) is not None:
        count += 1
        if told:
            told(message, outcome)
        message = _next(conversation_id)
    return count


def _next(conversation_id: int) -> QueuedMessage | None:
    """The oldest, now held; None where there is none or somebody else holds it."""
    message = statements.oldest_in_line(conversation_id)
    if message is None or message.is_held:
        return None
    mine = QueuedMessage.objects.filter(pk=message.pk, held_until=message.held_until)
    return message if mine.update(held_until=timezone.now() + HOLD) else None


def _answer(message: QueuedMessage) -> Answer | PlatformError | None:
    """What became of it; None where it has to wait."""
    content = json.loads(message.content.reveal())
    row = message.conversation
    try:
        answer = post_message(
            row.app,
            None,
            content["text"],
            conversation=row.public_id,
            client_message_id=message.client_message_id,
            files=tuple(content["files"]),
            vouched=content["vouched"],
            also=lambda work: _leave(message, work),
            patience=Patience(PATIENCE, 0.1),
        )
    except StillWorking:
        QueuedMessage.objects.filter(pk=message.pk).update(held_until=None)
        return None
    except PlatformError as error:
        return _refuse(message, error)
    except Exception:
        log.exception("message_broke_off", conversation=str(row.public_id))
        return _try_later(message)
    if answer.replayed:
        QueuedMessage.objects.filter(pk=message.pk).delete()
    return answer


def _leave(message: QueuedMessage, work: Work) -> None:
    """In the transaction that stores the turn: the place is given up, and it is known whether somebody waits."""
    work.said = replace(work.said, in_answer=statements.leave_line(message.pk))


def _refuse(message: QueuedMessage, error: PlatformError) -> PlatformError:
    told = {"code": error.code, "detail": error.message, "status": error.status}
    message.content, message.error = "", told
    message.save(update_fields=["content", "error"])
    return Unanswerable(told)


def _try_later(message: QueuedMessage) -> PlatformError | None:
    message.attempts += 1
    if message.attempts >= TRIES:
        QueuedMessage.objects.filter(pk=message.pk).update(attempts=message.attempts)
        return _refuse(message, NotAnswered())
    later = timezone.now() + timedelta(seconds=message.attempts * 2)
    QueuedMessage.objects.filter(pk=message.pk).update(attempts=message.attempts, held_until=later)
    return None


def stop_waiting(message: QueuedMessage) -> bool:
    """Nobody waits for the answer any more; False where it is there already."""
    return bool(QueuedMessage.objects.filter(pk=message.pk, error__isnull=True).update(waited_for=False))


def left_behind() -> list[int]:
    """Conversations in whose line somebody waits and nobody works."""
    now = timezone.now()
    rows = QueuedMessage.objects.filter(error__isnull=True, created_at__lte=now - timedelta(seconds=5))
    idle = rows.exclude(held_until__gt=now).order_by("pk").values_list("conversation_id", flat=True)
    return list(dict.fromkeys(idle[:AT_A_TIME]))


def set_going(conversation_id: int) -> None:
    """Has a worker work the line off. A silent queue is no reason to fail: the clock finds it."""
    try:
        enqueue("answer_messages", conversation_id=conversation_id)
    except QueueUnreachable:
        log.warning("line_waits_for_the_clock", conversation=conversation_id)


def prune() -> int:
    """Forgets messages that were refused long enough ago; how many."""
    old = QueuedMessage.objects.filter(created_at__lt=timezone.now() - KEPT_FOR, error__isnull=False)
    return old.delete()[0]
