"""A person says something, and the App answers: once, whichever process takes it and however often it is delivered.

A turn reads the conversation in one query and writes it in one transaction; none is open while a remote call runs. A
turn that has no side effects outside is simply computed again when another one was quicker. Before the first call that
must not be repeated a turn claims the conversation; others wait a little, then are told to. When the process dies
after that, the claim runs out, and the next message finishes the turn without calling again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from dialogs.chat_errors import ConversationEnded
from dialogs.engine.turns import MOST_CHARACTERS
from dialogs.errors import MessageTooLong, StillWorking, UnknownConversation
from dialogs.models import Conversation, DialogTask, Turn

from . import turns
from .perform import Answer, perform
from .recover import recover
from .turns import Said, StaleError, Work

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from xoplatform.models import App, EndUser


@dataclass
class Patience:
    """How long to wait for another turn of the same conversation; both in seconds."""

    limit: float = 3.0
    pause: float = 0.05
    _deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self._deadline = time.monotonic() + self.limit

    def again(self) -> None:
        """Raises StillWorking when it is over."""
        if time.monotonic() >= self._deadline:
            raise StillWorking

    def wait(self) -> None:
        """Lets the other turn get on. Raises StillWorking when it is over."""
        self.again()
        time.sleep(self.pause)


def post_message(
    app: App,
    end_user: EndUser | None,
    text: str,
    *,
    conversation: uuid.UUID | None = None,
    client_message_id: str | None = None,
    channel: str = "talk",
    draft: bool = False,
    focus: DialogTask | None = None,
    files: tuple[dict[str, Any], ...] = (),
    in_answer: bool = True,
    vouched: bool = False,
    also: Callable[[Work], object] | None = None,
    patience: Patience | None = None,
) -> Answer:
    """Answers one message, and stores state, transcript and calls together.

    ``conversation`` is the public id of one of this person's; without it a new one is opened, for this ``channel``,
    on drafts or on published versions, and on one dialog task alone if ``focus`` says so. ``end_user`` may be None
    where ``conversation`` says who it is. ``files`` came with the message, as `attachments.read_files` gives them.
    ``in_answer`` says whether whoever posted it waits for the replies; webhooks are told.
    ``vouched``: the channel has signed the person in.
    ``also`` is done in the transaction that stores the turn.
    With a ``client_message_id`` a second delivery gets the stored answer.
    Raises MessageTooLong, UnknownConversation, ConversationEnded, StillWorking, TookTooLong and InvalidGraph.
    """
    if len(text) > MOST_CHARACTERS:
        raise MessageTooLong(size=f"{len(text):,}", limit=f"{MOST_CHARACTERS:,}")
    said = Said(text, client_message_id or None, files=files, vouched=vouched, in_answer=in_answer)
    patience = patience or Patience()
    told: list[dict[str, Any]] = []
    while True:
        row, delivered = (
            turns.find(app, conversation, end_user, said.client_message_id)
            if conversation is not None
            else _first(app, end_user, said, channel=channel, draft=draft, focus=focus)
        )
        if delivered:
            return stored_answer(row, said)
        if row.status == Conversation.Status.ENDED:
            raise ConversationEnded
        try:
            if not row.claim:
                answer = perform(_work(row, said, also))
                return replace(answer, replies=told + answer.replies)
            if row.claim_ran_out:
                told = recover(row, in_answer=in_answer).replies
            else:
                patience.wait()
        except StaleError:
            patience.again()


def _work(row: Conversation, said: Said, also: Callable[[Work], object] | None) -> Work:
    work = Work(row, said)
    if also is not None:
        work.also.append(partial(also, work))
    return work


def _first(app: App, end_user: EndUser | None, said: Said, **opening: Any) -> tuple[Conversation, bool]:
    if end_user is None:
        raise UnknownConversation
    fresh = turns.open_conversation(app, end_user, said.client_message_id, **opening)
    if said.client_message_id is None:
        return fresh, False
    try:
        return turns.find(app, fresh.public_id, end_user, said.client_message_id)
    except UnknownConversation:
        return fresh, False


def stored_answer(row: Conversation, said: Said) -> Answer:
    """The answer that a message was given, by its id. Raises Turn.DoesNotExist."""
    turn = Turn.objects.defer("record").get(conversation=row, client_message_id=said.client_message_id)
    known: dict[str, Any] = {"number": turn.number, "client_message_id": turn.client_message_id}
    return Answer(row.public_id, turn.replies, turn.trace, row.status, replayed=True, **known)
