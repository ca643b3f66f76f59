"""A channel posts a message: answered at once if that is quick, else in line, and never in the wrong order.

A turn that calls nobody is computed and stored right here. One that is about to call out, or that finds somebody ahead
of it, takes a place in the conversation's line (see `line`) and is answered by a thread of its own, so that whoever
posted it need not wait to the end. Nothing is stored twice for a message that is answered at once.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from dialogs.chat_errors import ConversationEnded, Unanswerable, UnknownMessage
from dialogs.engine.turns import MOST_CHARACTERS
from dialogs.errors import MessageTooLong, UnknownConversation
from dialogs.models import Conversation, QueuedMessage, Turn

from . import line, threads, turns
from .converse import post_message, stored_answer
from .inside import LeavesError
from .perform import Answer, perform
from .turns import Said, StaleError, Work

if TYPE_CHECKING:
    from concurrent.futures import Future

    from xoplatform.models import App, EndUser

#: How often a turn is computed again right here because another one was quicker.
TRIES: Final = 3
#: Seconds between two looks for an answer that another process may give.
LOOK: Final = 0.2
#: Begins the id of a message whose sender gave it none.
OWN: Final = "xo-"


@dataclass(frozen=True)
class Taken:
    """A message that is not answered yet, but will be."""

    conversation: uuid.UUID
    client_message_id: str
    status: str


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A message as it comes in. ``wait`` is how long its sender waits for the answer, in seconds; None does not."""

    text: str
    client_message_id: str | None = None
    files: tuple[dict[str, Any], ...] = ()
    vouched: bool = False
    wait: float | None = 10.0
    own_id: str = field(default_factory=lambda: OWN + uuid.uuid4().hex)

    def said(self) -> Said:
        message_id = self.client_message_id or self.own_id
        return Said(self.text, message_id, files=self.files, vouched=self.vouched, in_answer=True)


def accept(
    app: App, end_user: EndUser | None, posted: Posted, conversation: uuid.UUID | None = None, **opening: Any
) -> Answer | Taken:
    """Answers a message, or takes it where that lasts longer than its sender waits.

    ``conversation`` is one of the App's, and of ``end_user``'s if one is given; without it one is opened with
    ``opening`` (see `converse.post_message`). Delivered again under its id, a message is answered with what is stored.
    Raises MessageTooLong, UnknownConversation, ConversationEnded, TookTooLong, InvalidGraph, and Unanswerable for a
    message that had been taken.
    """
    if len(posted.text) > MOST_CHARACTERS:
        raise MessageTooLong(size=f"{len(posted.text):,}", limit=f"{MOST_CHARACTERS:,}")
    said = posted.said()
    for _ in range(TRIES):
        if conversation is not None:
            row, delivered, others = turns.find_with_line(app, conversation, end_user, said.client_message_id)
        else:
            row, delivered, others = _first(app, end_user, posted, opening)
        if delivered:
            return stored_answer(row, said)
        if row.status == Conversation.Status.ENDED:
            raise ConversationEnded
        if posted.wait is None or others or row.claim:
            break
        try:
            return perform(Work(row, said, inside=not connection.in_atomic_block))
        except StaleError:
            continue
        except LeavesError:
            break
    if connection.in_atomic_block:  # another thread would not see what this transaction holds
        return _here(app, end_user, row, said, opening)
    return _in_line(row, said, posted.wait)


def _first(app: App, end_user: EndUser | None, posted: Posted, opening: Any) -> tuple[Conversation, bool, bool]:
    """A conversation to be opened, or the one that this very message has opened before."""
    if end_user is None:
        raise UnknownConversation
    fresh = turns.open_conversation(app, end_user, posted.client_message_id, **opening)
    if posted.client_message_id is None:
        return fresh, False, False
    try:
        return turns.find_with_line(app, fresh.public_id, end_user, posted.client_message_id)
    except UnknownConversation:
        return fresh, False, False


def _here(app: App, end_user: EndUser | None, row: Conversation, said: Said, opening: Any) -> Answer:
    known: dict[str, Any] = {"client_message_id": said.client_message_id, "files": said.files, "vouched": said.vouched}
    if row.pk is None:
        return post_message(app, end_user, said.text or "", **known, **opening)
    return post_message(app, row.end_user, said.text or "", conversation=row.public_id, **known)


def _in_line(row: Conversation, said: Said, wait: float | None) -> Answer | Taken:
    place = line.join(row, said, waited_for=wait is not None)
    message = place.message
    heard = threads.answers.expect(message.pk)
    try:
        mine = message if place.first else None
        threads.submit(line.work_off, message.conversation_id, threads.answers.tell, mine)
        if wait is not None and (answer := _wait(row, message, heard, wait)):
            return answer
    finally:
        threads.answers.forget(message.pk)
    if wait is None or line.stop_waiting(message):
        return Taken(row.public_id, message.client_message_id, row.status)
    return _outcome(row, message) or Taken(row.public_id, message.client_message_id, row.status)


def _wait(row: Conversation, message: QueuedMessage, heard: Future[Answer], wait: float) -> Answer | None:
    deadline = time.monotonic() + wait
    while (left := deadline - time.monotonic()) > 0:
        try:
            return heard.result(min(LOOK, left))
        except TimeoutError:
            if answer := _outcome(row, message):
                return answer
    return None


def _outcome(row: Conversation, message: QueuedMessage) -> Answer | None:
    """The answer that any process has given; None while there is none. Raises Unanswerable where there will be none."""
    found = what_became_of(row, message.client_message_id)
    return found if isinstance(found, Answer) else None


def what_became_of(row: Conversation, client_message_id: str) -> Answer | Taken:
    """A message by its id. Raises UnknownMessage, and Unanswerable where it will not be answered."""
    said = Said("", client_message_id)
    queued = QueuedMessage.objects.filter(conversation=row.pk, client_message_id=client_message_id)
    for error in queued.values_list("error", flat=True):
        if error:
            raise Unanswerable(error)
        return Taken(row.public_id, client_message_id, row.status)
    # Asked in this order: the place in the line goes when the turn comes.
    try:
        row.status = Conversation.objects.values_list("status", flat=True).get(pk=row.pk)
        return stored_answer(row, said)
    except (Conversation.DoesNotExist, Turn.DoesNotExist):
        raise UnknownMessage from None
