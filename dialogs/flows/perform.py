"""One turn from the engine to the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dialogs.bridges import Caller, Rights, scripts
from dialogs.engine.ports import Person, Ports, SystemClock
from dialogs.engine.state import State
from dialogs.engine.turns import event, resume, take_turn
from dialogs.models import Conversation, Turn
from dialogs.nodes.masking import scrubbed

from . import attachments, uploads
from .arrivals import take
from .bots import bot_for
from .inside import inside
from .outside import Outside
from .recording import Recording
from .shared_values import SharedScopes
from .webhooks.telling import note_turn

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from dialogs.bridges import JournalEntry
    from dialogs.engine import turn as engine
    from dialogs.nodes.steps import Reply

    from .turns import Work


#: How a conversation that waits is marked, by what it waits for.
STATUS = {"authorization": Conversation.Status.WAITING, "event": Conversation.Status.AWAITING}


@dataclass(frozen=True)
class Answer:
    """What a turn said, as it is stored. ``status`` is the conversation's after it."""

    conversation: uuid.UUID
    replies: list[dict[str, Any]]
    trace: dict[str, Any]
    status: str
    #: The turn's, 0 where there was none.
    number: int = 0
    #: Whether the message had been delivered before, and this is the answer of that time.
    replayed: bool = field(default=False, compare=False)
    #: The message's, where it had one.
    client_message_id: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The wire form that Talk to Bot and channels receive."""
        return {
            "conversation": str(self.conversation),
            "replies": self.replies,
            "trace": self.trace,
            "state": self.status,
        }


def perform(work: Work, past: Iterable[JournalEntry] = (), first: tuple[Reply, ...] = ()) -> Answer:
    """Runs the engine on what was said and stores the outcome; ``first`` is said before its replies.

    ``past`` are calls that a crashed run of the same turn made already. Raises StaleError when another turn was
    quicker, and TookTooLong when that happened after a call that must not be repeated.
    """
    row, past = work.conversation, list(past)
    caller = Caller(row.app_id, row.end_user_id, str(row.public_id), work.claim, past)
    work.journal = caller.journal
    rights = Rights(row.app_id, row.end_user_id, str(row.public_id), vouched=work.said.vouched)
    outside = Outside(work, past)
    shared = SharedScopes.of(row)
    ports = Ports(caller, scripts(), SystemClock(), rights, person_of(row), outside, shared, work.said.files)
    recording = Recording(work.said.files) if row.draft else None
    if work.inside:
        ports = inside(ports)
    before = State.from_json(row.state)
    turn = _run(work, before, recording.around(ports) if recording else ports, recording)
    replies = [reply.to_json() for reply in (*first, *turn.replies)]
    outside.note_end(turn.state.event)
    status = STATUS.get(turn.state.waiting, Conversation.Status.OPEN)
    stored = Turn(
        client_message_id=work.said.client_message_id,
        text=turn.kept(work.said.text or "", scripts()),
        replies=scrubbed(replies, turn.secrets),
        trace=scrubbed({**turn.trace, **attachments.noted(work.said.files)}, turn.secrets),
        record=recording.to_json(before, turn.state, ports.clock.now().isoformat()) if recording else None,
    )
    if work.said.files:
        work.also.append(lambda: uploads.bind(row, work.said.files))
    if turn.shared:
        work.also.append(lambda: shared.keep(turn.shared))
    note_turn(work, stored, status)
    work.commit(stored, turn.state.to_json(), status, caller.records)
    message_id = stored.client_message_id
    return Answer(row.public_id, replies, stored.trace, status, stored.number, client_message_id=message_id)


def person_of(row: Conversation) -> Person:
    """Whom it talks to; no query where the row was found with its App and end user (see `turns.find`)."""
    app, end_user = row.app, row.end_user
    return Person(end_user.locale, end_user.time_zone, end_user.name, end_user.email, app.locale, app.time_zone)


def _run(work: Work, state: State, ports: Ports, recording: Recording | None) -> engine.Turn:
    bot = bot_for(work.conversation, state)
    if work.said.arrival is not None:
        came = take(work, work.said.arrival)
        return event(bot, state, recording.happened(came) if recording else came, ports)
    if work.said.text is None:
        return resume(bot, state, ports)
    return take_turn(bot, state, work.said.text, ports)
