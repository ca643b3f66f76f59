"""What webhooks are told, by what happened.

Conversations of *Talk to Bot* and of tests run drafts and are told to nobody. ``sequence`` is the number of the turn in
its conversation: deliveries may overtake each other, and this is the order.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from dialogs.models import WebhookEvent

from . import outbox
from .types import ACTION_ERROR, ACTION_MENDED, CONNECTION, CONVERSATION, MESSAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialogs.flows.turns import Work
    from dialogs.models import Conversation, Turn
    from integrations.signals import ConnectionChange


def note_turn(work: Work, turn: Turn, status: str) -> None:
    """Has a turn tell what it said and whether the conversation's state changed, once it is stored."""
    row = work.conversation
    if row.draft:
        return
    if types := outbox.wanted(row.app_id) & {MESSAGE, CONVERSATION}:
        work.also.append(partial(_record_turn, work, turn, (row.status, status), types))


def note_state(row: Conversation, before: str | None, sequence: int) -> None:
    """Tells that a conversation's state is another now than ``before``, which is None when it was just opened.

    Call it in the transaction that changes it.
    """
    if not row.draft and row.status != before and CONVERSATION in outbox.wanted(row.app_id):
        outbox.record([_event(row, CONVERSATION, _of(row, sequence) | {"state": row.status, "previous": before})])


def _record_turn(work: Work, turn: Turn, states: tuple[str, str], types: frozenset[str]) -> None:
    row, (before, after) = work.conversation, states
    about = _of(row, turn.number) | {"state": after}
    events = []
    if MESSAGE in types and turn.replies:
        told = {"in_reply_to": turn.client_message_id, "delivered_in_answer": work.said.in_answer}
        events.append(_event(row, MESSAGE, about | told | {"replies": turn.replies}))
    if CONVERSATION in types and before != after:
        events.append(_event(row, CONVERSATION, about | {"previous": before}))
    outbox.record(events)


def _event(row: Conversation, type_: str, data: dict[str, Any]) -> WebhookEvent:
    return WebhookEvent(app_id=row.app_id, end_user_id=row.end_user_id, conversation_id=row.pk, type=type_, data=data)


def _of(row: Conversation, sequence: int) -> dict[str, Any]:
    return {
        "conversation": str(row.public_id),
        "sequence": sequence,
        "channel": row.channel,
        "end_user": {"external_id": row.end_user.external_id},
    }


def note_connections(app_id: int, provider: str, changes: Iterable[ConnectionChange]) -> None:
    """Tells what became of connections of one action; ``changes`` are not looked at when nobody listens."""
    if CONNECTION in outbox.wanted(app_id):
        outbox.record([_of_connection(app_id, provider, change) for change in changes])


def _of_connection(app_id: int, provider: str, change: ConnectionChange) -> WebhookEvent:
    site = {"id": change.site_id, "name": change.site_name, "url": change.site_url} if change.site_id else None
    person = {"external_id": change.external_id} if change.end_user_id is not None else None
    data = {
        "connection": change.connection_id,
        "provider": provider,
        "end_user": person,
        "change": change.change,
        "state": change.state,
        "site": site,
    }
    return WebhookEvent(app_id=app_id, end_user_id=change.end_user_id, type=CONNECTION, data=data)


def note_action(app_id: int, provider: str, reason: str | None) -> None:
    """Tells that an action is in error, and why; or, without a ``reason``, that it works again."""
    type_ = ACTION_MENDED if reason is None else ACTION_ERROR
    if type_ in outbox.wanted(app_id):
        data = {"provider": provider, "state": "enabled" if reason is None else "error"}
        data |= {} if reason is None else {"reason": reason}
        outbox.record([WebhookEvent(app_id=app_id, type=type_, data=data)])
