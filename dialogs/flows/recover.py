"""Finishing a turn whose process died after it had sent a call that must not be repeated."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from dialogs.bridges import settled
from dialogs.engine.state import State
from dialogs.errors import TookTooLong
from dialogs.models import Conversation, Turn
from dialogs.nodes.steps import Reply
from integrations import api

from .perform import Answer, perform
from .turns import Said, StaleError, Work, take_over
from .webhooks.telling import note_turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

log = structlog.get_logger(__name__)

#: How long finishing may take before another process may try.
PERIOD = timedelta(minutes=1)

CUT_OFF = (
    "I was cut off while I worked on your last message{quote}. I had sent “{call}”, and its answer was lost. "
    "I did not send it again."
)
UNKNOWN = " Whether it was carried out is unknown."
CUT_OFF_AFTER = "I was cut off while I worked on your last message{quote}. Nothing was done twice."
GAVE_UP = "I could not go on from there, so I left that dialog. Please check, then ask me again if needed."


def recover(conversation: Conversation, *, in_answer: bool = False) -> Answer:
    """Answers the message that was cut off: first what is unknown, then what the dialog makes of it.

    ``in_answer`` says whether somebody who posted a message gets the replies.
    Raises StaleError when another process is doing it already.
    """
    journal = conversation.journal or {}
    files = tuple(journal.get("files", ()))
    vouched = bool(journal.get("vouched"))
    known = (journal.get("text"), journal.get("client_message_id"), journal.get("arrival"))
    said = Said(*known, files, in_answer, vouched)
    reference = str(conversation.public_id)
    work = Work(conversation, said, token=take_over(conversation, PERIOD))
    people = (conversation.app_id, conversation.end_user_id)
    calls = [settled(entry, *people, reference) for entry in journal.get("calls", ())]
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
    lost = [_title(entry) for entry in calls if _is_lost(entry)]
    if not lost:
        return CUT_OFF_AFTER.format(quote=quote)
    looks = [looked["message"] for entry in calls if (looked := (entry.get("result") or {}).get("reconciled"))]
    unknown = UNKNOWN if len(looks) < len(lost) else ""
    return " ".join([CUT_OFF.format(quote=quote, call=", ".join(lost)) + unknown, *looks])


def _is_lost(entry: Mapping[str, Any]) -> bool:
    result = entry.get("result")
    if entry.get("again"):  # its receiver knows it by its id, so it is simply sent once more
        return False
    return not result or result["outcome"] == "unknown"


def _title(entry: Mapping[str, Any]) -> str:
    name = str(entry["operation"])
    known = api.operations(entry["provider"]) if entry["provider"] in api.providers() else {}
    return known[name].title if name in known else name


def _give_up(work: Work, first: Reply) -> Answer:
    replies = [first.to_json(), Reply(GAVE_UP).to_json()]
    stored = Turn(client_message_id=work.said.client_message_id, text=work.said.text or "", replies=replies)
    note_turn(work, stored, Conversation.Status.OPEN)
    work.commit(stored, State().to_json(), Conversation.Status.OPEN, ())
    return Answer(work.conversation.public_id, replies, {}, Conversation.Status.OPEN, stored.number)
