"""Conversations as those outside see them: opened, listed, ended, forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from dialogs.errors import StillWorking, UnknownConversation
from dialogs.models import Conversation, Wait

from . import turns
from .outside import leave
from .webhooks.telling import note_state

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet

    from dialogs.models import DialogTask
    from xoplatform.models import App, EndUser


def conversations_of(app: App, end_user: EndUser | None = None) -> QuerySet[Conversation]:
    """An App's conversations, or one person's of them, with whose they are; without the engine's state."""
    rows = Conversation.objects.filter(app=app).select_related("end_user").defer("state", "journal")
    return rows if end_user is None else rows.filter(end_user=end_user)


def find(app: App, public_id: uuid.UUID, end_user: EndUser | None = None, *, lock: bool = False) -> Conversation:
    """One of these. Raises UnknownConversation. ``lock`` keeps turns from being stored until the transaction ends."""
    rows = conversations_of(app, end_user)
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(public_id=public_id).first()
    if found is None:
        raise UnknownConversation
    return found


def open_conversation(
    app: App, end_user: EndUser, *, channel: str, draft: bool = False, focus: DialogTask | None = None
) -> Conversation:
    """A new conversation in which nothing was said yet."""
    fresh = turns.open_conversation(app, end_user, None, channel=channel, draft=draft, focus=focus)
    return store(fresh)


def store(fresh: Conversation) -> Conversation:
    """Stores a conversation that `turns.open_conversation` made, unless that has been done before."""
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
            note_state(fresh, None, 0)
    except IntegrityError:
        fresh.pk = Conversation.objects.only("pk").get(public_id=fresh.public_id).pk
    return fresh


def end(conversation: Conversation) -> None:
    """Ends a conversation: what it waited for waits no more, and it takes no further message.

    Call it with the row locked. A second time changes nothing. Raises StillWorking while a turn has a call under way
    that must not be repeated.
    """
    if conversation.status == Conversation.Status.ENDED:
        return
    _leave_all(conversation)
    before, conversation.status = conversation.status, Conversation.Status.ENDED
    conversation.state = {}
    # A turn that is being computed finds that it was too late.
    conversation.revision += 1
    conversation.save(update_fields=["status", "state", "revision", "updated_at"])
    note_state(conversation, before, conversation.revision)


def forget(conversation: Conversation) -> None:
    """Deletes a conversation with all that was said in it, for good. As `end` otherwise."""
    _leave_all(conversation)
    conversation.delete()


def _leave_all(conversation: Conversation) -> None:
    if conversation.claim and not conversation.claim_ran_out:
        raise StillWorking
    for key in Wait.objects.filter(conversation=conversation, status=Wait.Status.OPEN).values_list("key", flat=True):
        leave(conversation, str(key))
