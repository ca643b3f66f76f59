"""The rows of a conversation: read once, claimed when a call must not be repeated, written once."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from dialogs.errors import TookTooLong, UnknownConversation
from dialogs.models import Conversation, Turn, statements
from integrations import api

from .webhooks.telling import note_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from xoplatform.models import App, EndUser

#: How long a claim outlives the time-out of the call it was made for: what a turn may still do afterwards.
MARGIN = timedelta(seconds=15)


class StaleError(Exception):
    """Another turn changed the conversation meanwhile; this one must be computed again."""


@dataclass(frozen=True)
class Said:
    """What a turn answers. ``text`` is None when nobody said anything and the conversation goes on by itself."""

    text: str | None
    client_message_id: str | None = None
    #: The arrival that sets it going, where one does.
    arrival: int | None = None
    #: Files that came with it (see `attachments`).
    files: tuple[dict[str, Any], ...] = ()
    #: Whether the replies are in the answer to whoever posted the message.
    in_answer: bool = False
    #: The channel has signed the person in, so that links given in this turn ask for no code.
    vouched: bool = False

    def to_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"text": self.text, "client_message_id": self.client_message_id, "arrival": self.arrival}
        told |= {"files": list(self.files)} if self.files else {}
        return told | ({"vouched": True} if self.vouched else {})


def open_conversation(app: App, end_user: EndUser, client_message_id: str | None, **fields: Any) -> Conversation:
    """A conversation that is not stored yet.

    Its id follows from the first message's, so that a first message delivered twice does not open two.
    """
    public_id = uuid.uuid4()
    if client_message_id:
        mark = salted_hmac("dialogs.conversation", f"{end_user.pk}/{client_message_id}", algorithm="sha256")
        public_id = uuid.UUID(bytes=mark.digest()[:16], version=4)
    return Conversation(public_id=public_id, app=app, end_user=end_user, **fields)


def find(
    app: App, public_id: uuid.UUID, end_user: EndUser | None, client_message_id: str | None
) -> tuple[Conversation, bool]:
    """The conversation as it is now, and whether it has a turn for this message already. One query.

    Raises UnknownConversation for another App's or another person's.
    """
    if end_user is None:
        return find_with_line(app, public_id, None, client_message_id)[:2]
    found = statements.read(app.pk, public_id, end_user.pk, client_message_id)
    if found is None:
        raise UnknownConversation
    found[0].app, found[0].end_user = app, end_user
    return found


def find_with_line(
    app: App, public_id: uuid.UUID, end_user: EndUser | None, client_message_id: str | None
) -> tuple[Conversation, bool, bool]:
    """As `find`, and whether messages wait in its line. One query."""
    found = statements.read_with_line(app.pk, public_id, client_message_id)
    if found is None or (end_user is not None and found[0].end_user_id != end_user.pk):
        raise UnknownConversation
    found[0].app = app
    return found


@dataclass
class Work:
    """One turn at work on a conversation: what it claimed, and how its outcome gets stored.

    ``said`` is kept with the claim, so that it can be answered after a crash; ``journal`` are the calls made so far
    that must not be repeated.
    """

    conversation: Conversation
    said: Said
    token: uuid.UUID | None = None
    journal: list[dict[str, Any]] = field(default_factory=list)
    #: Done in the transaction that stores the turn.
    also: list[Callable[[], object]] = field(default_factory=list)
    #: Whether it must stop before it has any effect outside (see `inside`).
    inside: bool = False

    def claim(self, record: api.CallRecord, timeout: float, *also: Callable[[], object]) -> None:
        """Keeps others off the conversation until the call is over, and stores the call as started.

        ``timeout`` is the call's, in seconds; ``also`` is done in the same transaction. Raises StaleError when another
        turn was quicker.
        """
        token = self.token or uuid.uuid4()
        values = {
            "claim": token,
            "claimed_until": timezone.now() + timedelta(seconds=timeout) + MARGIN,
            "journal": {**self.said.to_json(), "calls": self.journal},
        }
        with self._transaction():
            if self.conversation.pk is None:
                _insert(self.conversation, values)
            else:
                self._hold(values)
            record.part = str(self.conversation.revision + 1)
            api.record_start(record)
            for act in also:
                act()
        self.token = token

    def commit(self, turn: Turn, state: dict[str, Any], status: str, records: Sequence[api.CallRecord]) -> None:
        """Stores state, turn and calls together. Raises StaleError when another turn was quicker."""
        row = self.conversation
        with self._transaction():
            if row.pk is None:
                _insert(row, {"state": state, "status": status, "revision": row.revision + 1})
            elif not statements.write(row, state, status, self.token):
                raise self._beaten()
            turn.conversation_id, turn.number = row.pk, row.revision + 1
            statements.add_turn(turn)
            for record in records:
                record.part = str(turn.number)
            if records:
                api.record_calls(records)
            for act in self.also:
                act()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        opens = self.conversation.pk is None
        try:
            with transaction.atomic():
                yield
        except IntegrityError:
            if not opens:
                raise
            # The same first message was delivered twice at once, and the other one opened the conversation.
            self.conversation.pk = None
            raise StaleError from None

    def _hold(self, values: dict[str, Any]) -> None:
        if not statements.hold(self.conversation, self.token, values):
            raise self._beaten()

    def _beaten(self) -> Exception:
        # After a call that must not be repeated there is no computing again.
        return TookTooLong() if self.token else StaleError()


def take_over(conversation: Conversation, period: timedelta) -> uuid.UUID:
    """Claims a conversation whose claim has run out. Raises StaleError when another process was quicker."""
    token = uuid.uuid4()
    expired = Conversation.objects.filter(pk=conversation.pk, claim=conversation.claim, revision=conversation.revision)
    if not expired.update(claim=token, claimed_until=timezone.now() + period):
        raise StaleError
    return token


def _insert(row: Conversation, values: dict[str, Any]) -> None:
    fresh = Conversation(
        public_id=row.public_id,
        app_id=row.app_id,
        end_user_id=row.end_user_id,
        channel=row.channel,
        draft=row.draft,
        focus_id=row.focus_id,
        **values,
    )
    statements.insert(fresh)
    row.pk = fresh.pk
    note_state(row, None, 0)
