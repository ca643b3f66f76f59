"""One turn from the engine to the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dialogs.bridges import Caller, Rights, scripts
from dialogs.engine.ports import Ports, SystemClock
from dialogs.engine.state import State
from dialogs.engine.turns import resume, take_turn
from dialogs.models import Conversation, Turn
from xoplatform.logs import HIDDEN

from .bots import bot_for

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from dialogs.bridges import JournalEntry
    from dialogs.engine import turn as engine
    from dialogs.nodes.steps import Reply

    from .turns import Work


@dataclass(frozen=True)
class Answer:
    """What a turn said, as it is stored. ``status`` is the conversation's after it."""

    conversation: uuid.UUID
    replies: list[dict[str, Any]]
    trace: dict[str, Any]
    status: str

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
    row = work.conversation
    caller = Caller(row.app_id, row.end_user_id, str(row.public_id), work.claim, past)
    work.journal = caller.journal
    rights = Rights(row.app_id, row.end_user_id, str(row.public_id))
    turn = _run(work, Ports(caller, scripts(), SystemClock(), rights))
    replies = [reply.to_json() for reply in (*first, *turn.replies)]
    status = Conversation.Status.WAITING if turn.state.waiting == "authorization" else Conversation.Status.OPEN
    stored = Turn(
        client_message_id=work.said.client_message_id,
        text=HIDDEN if turn.sensitive else work.said.text or "",
        replies=replies,
        trace=turn.trace,
    )
    work.commit(stored, turn.state.to_json(), status, caller.records)
    return Answer(row.public_id, replies, stored.trace, status)


def _run(work: Work, ports: Ports) -> engine.Turn:
    state = State.from_json(work.conversation.state)
    bot = bot_for(work.conversation, state)
    if work.said.text is None:
        return resume(bot, state, ports)
    return take_turn(bot, state, work.said.text, ports)
