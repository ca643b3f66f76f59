"""Conversations that wait for an authorization go on by themselves once it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.models import Conversation

from .converse import Patience
from .perform import Answer, perform
from .recover import recover
from .turns import Said, StaleError, Work

if TYPE_CHECKING:
    import uuid

BY_ITSELF = Said(text=None)


def waiting_for(app_id: int, end_user_id: int | None) -> list[uuid.UUID]:
    """Conversations that a new grant may set going: this person's, or everybody's when the App's own was given."""
    rows = Conversation.objects.filter(app_id=app_id, status=Conversation.Status.WAITING)
    if end_user_id is not None:
        rows = rows.filter(end_user_id=end_user_id)
    return list(rows.order_by("pk").values_list("public_id", flat=True))


def resume_conversation(public_id: uuid.UUID, patience: Patience | None = None) -> Answer | None:
    """Goes on from the node that waits; None when the conversation waits no more.

    Raises StillWorking when another turn holds it for too long.
    """
    patience = patience or Patience()
    while True:
        row = Conversation.objects.filter(public_id=public_id, status=Conversation.Status.WAITING).first()
        if row is None:
            return None
        try:
            if not row.claim:
                return perform(Work(row, BY_ITSELF))
            if row.claim_ran_out:
                recover(row)
            else:
                patience.wait()
        except StaleError:
            patience.again()
