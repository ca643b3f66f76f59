"""The statements of a turn, compiled once. What is rarer than a turn goes through the models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, OuterRef
from django.utils import timezone

from xoplatform.core.prepared import Param, PreparedInsert, PreparedSelect, PreparedUpdate, param

from .conversation import Conversation, Turn

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet

STORED = ["state", "status", "revision", "updated_at"]
FREED = ["claim", "claimed_until", "journal"]


def _one() -> QuerySet[Conversation]:
    message = Param("client_message_id", CharField())
    same = Turn.objects.filter(conversation=OuterRef("pk"), client_message_id=message)
    owner = {name: param(Conversation, name) for name in ("public_id", "app_id", "end_user_id")}
    return Conversation.objects.filter(**owner).annotate(delivered=Exists(same)).order_by()


def _as_read() -> QuerySet[Conversation]:
    return Conversation.objects.filter(pk=param(Conversation, "id"), revision=Param("read", _REVISION))


_REVISION: Any = Conversation._meta.get_field("revision")
_CLAIM: Any = Conversation._meta.get_field("claim")
_READ = PreparedSelect(_one)
_WRITE = PreparedUpdate(lambda: _as_read().filter(claim=None), STORED)
_WRITE_AND_FREE = PreparedUpdate(lambda: _as_read().filter(claim=Param("token", _CLAIM)), STORED + FREED)
_ADD_TURN = PreparedInsert(Turn)


def read(
    app_id: int, public_id: uuid.UUID, end_user_id: int, client_message_id: str | None
) -> tuple[Conversation, bool] | None:
    """One person's conversation, and whether it has a turn for this message already."""
    owner = {"public_id": public_id, "app_id": app_id, "end_user_id": end_user_id}
    # No turn is stored with an empty id, so the empty one finds none.
    found: Any = _READ.first(**owner, client_message_id=client_message_id or "")
    return found and (found, bool(found.delivered))


def write(row: Conversation, state: dict[str, Any], status: str, token: uuid.UUID | None) -> bool:
    """Stores what a turn left behind, if the conversation is as it was read and claimed by ``token`` or nobody."""
    values = {"id": row.pk, "read": row.revision, "state": state, "status": status}
    values |= {"revision": row.revision + 1, "updated_at": timezone.now()}
    if token is None:
        return bool(_WRITE.run(**values))
    return bool(_WRITE_AND_FREE.run(**values, token=token, **dict.fromkeys(FREED)))


def add_turn(turn: Turn) -> None:
    """Stores a new turn. Its key stays unknown: nothing refers to turns."""
    _ADD_TURN.run(turn)
