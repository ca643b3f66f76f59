"""Finishing a turn whose process died after it had sent a call that must not be repeated."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from dialogs.bridges import known_from_record
from dialogs.engine.state import State
from dialogs.errors import TookTooLong
from dialogs.models import Conversation, Turn
from dialogs.nodes.steps import Reply
from integrations import api

from .perform import Answer, perform
from .turns import Said, StaleError, Work, take_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

log = structlog.get_logger(__name__)

#: How long finishing may take before another process may try.
PERIOD = timedelta(minutes=1)

CUT_OFF = (
    "I was cut off while I worked on your last message{quote}. I had sent “{call}”, and its answer was lost: whether "
    "it was carried out is unknown. I did not send it again."
)
CUT_OFF_AFTER = "I was cut off while I worked on your last message{quote}. Nothing was done twice."
GAVE_UP = "I could not go on from there, so I left that dialog. Please check, then ask me again if needed."


def recover(conversation: Conversation) -> Answer:
    """Answers the message that was cut off: first what is unknown, then what the dialog makes of it.

    Raises StaleError when another process is doing it already.
    """
    journal = conversation.journal or {}
    said = Said(journal.get("text"), journal.get("client_message_id"))
    reference = str(conversation.public_id)
    calls = [known_from_record(reference, entry) for entry in journal.get("calls", ())]
    work = Work(conversation, said, token=take_over(conversation, PERIOD))
    first = Reply(_notice(said, calls))
    try:
        return perform(work, calls, (first,))
    except (StaleError, TookTooLong):
        raise
    except Exception:
        log.exception("recovery_failed", conversation=str(conversation.public_id))
        return _give_up(work, first)


def _notice(said: Said, calls: Iterable[Mapping[str, Any]]) -> str:
    quote = f" (“{said.text[:80]}”)" if said.text else ""
    lost = [_title(entry) for entry in calls if not entry.get("result")]
    return CUT_OFF.format(quote=quote, call=", ".join(lost)) if lost else CUT_OFF_AFTER.format(quote=quote)


def _title(entry: Mapping[str, Any]) -> str:
    name = str(entry["operation"])
    known = api.operations(entry["provider"]) if entry["provider"] in api.providers() else {}
    return known[name].title if name in known else name


def _give_up(work: Work, first: Reply) -> Answer:
    replies = [first.to_json(), Reply(GAVE_UP).to_json()]
    stored = Turn(client_message_id=work.said.client_message_id, text=work.said.text or "", replies=replies)
    work.commit(stored, State().to_json(), Conversation.Status.OPEN, ())
    return Answer(work.conversation.public_id, replies, {}, Conversation.Status.OPEN)
