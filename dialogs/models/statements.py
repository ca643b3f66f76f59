"""The statements of a turn, compiled once. What is rarer than a turn goes through the models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, OuterRef
from django.utils import timezone

from xoplatform.core.prepared import (
    Param,
    PreparedColumn,
    PreparedDelete,
    PreparedInsert,
    PreparedSelect,
    PreparedUpdate,
    param,
)

from .conversation import Conversation, Turn
from .dialog_task import DialogTask
from .queued_message import QueuedMessage

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


def _one_with_line() -> QuerySet[Conversation]:
    message = Param("client_message_id", CharField())
    same = Turn.objects.filter(conversation=OuterRef("pk"), client_message_id=message)
    waiting = QueuedMessage.objects.filter(conversation=OuterRef("pk"), error__isnull=True)
    owner = {name: param(Conversation, name) for name in ("public_id", "app_id")}
    rows = Conversation.objects.filter(**owner).select_related("end_user")
    return rows.annotate(delivered=Exists(same), others=Exists(waiting)).order_by()


def _waiting() -> QuerySet[QueuedMessage]:
    return QueuedMessage.objects.filter(conversation=param(QueuedMessage, "conversation"), error__isnull=True)


def _line() -> QuerySet[QueuedMessage]:
    return _waiting().select_related("conversation__app").order_by("pk")[:1]


def _locked() -> QuerySet[Conversation]:
    return Conversation.objects.select_for_update().filter(pk=param(Conversation, "id")).order_by()


def _as_read() -> QuerySet[Conversation]:
    return Conversation.objects.filter(pk=param(Conversation, "id"), revision=Param("read", _REVISION))


_REVISION: Any = Conversation._meta.get_field("revision")
_CLAIM: Any = Conversation._meta.get_field("claim")
_READ = PreparedSelect(_one)
_READ_WITH_LINE = PreparedSelect(_one_with_line)
_OLDEST_IN_LINE = PreparedSelect(_line)
_KEYS_IN_LINE = PreparedColumn(lambda: _waiting().order_by().values_list("pk")[:1])
_LOCK = PreparedColumn(lambda: _locked().values_list("pk"))
_JOIN_LINE = PreparedInsert(QueuedMessage)
_LEAVE_LINE = PreparedDelete(lambda: QueuedMessage.objects.filter(pk=param(QueuedMessage, "id")), "waited_for")
_WRITE = PreparedUpdate(lambda: _as_read().filter(claim=None), STORED)
_WRITE_AND_FREE = PreparedUpdate(lambda: _as_read().filter(claim=Param("token", _CLAIM)), STORED + FREED)
_HOLD = PreparedUpdate(lambda: _as_read().filter(claim=None), FREED)
_HOLD_ON = PreparedUpdate(lambda: _as_read().filter(claim=Param("token", _CLAIM)), FREED)
_ADD_TURN = PreparedInsert(Turn)
_OPEN = PreparedInsert(Conversation)


def _of_app() -> QuerySet[DialogTask]:
    return DialogTask.objects.filter(app_id=param(DialogTask, "app_id"), published__isnull=False).order_by("pk")


_PUBLISHED = PreparedColumn(lambda: _of_app().values_list("published_id"))


def read(
    app_id: int, public_id: uuid.UUID, end_user_id: int, client_message_id: str | None
) -> tuple[Conversation, bool] | None:
    """One person's conversation, and whether it has a turn for this message already."""
    owner = {"public_id": public_id, "app_id": app_id, "end_user_id": end_user_id}
    # No turn is stored with an empty id, so the empty one finds none.
    found: Any = _READ.first(**owner, client_message_id=client_message_id or "")
    return found and (found, bool(found.delivered))


def read_with_line(
    app_id: int, public_id: uuid.UUID, client_message_id: str | None
) -> tuple[Conversation, bool, bool] | None:
    """A conversation with its person, whether it has a turn for this message, and whether others wait in its line."""
    owner = {"public_id": public_id, "app_id": app_id}
    found: Any = _READ_WITH_LINE.first(**owner, client_message_id=client_message_id or "")
    return found and (found, bool(found.delivered), bool(found.others))


def oldest_in_line(conversation_id: int) -> QueuedMessage | None:
    """The message that came first of those that wait in this conversation's line, with conversation and App."""
    return _OLDEST_IN_LINE.first(conversation=conversation_id)


def lock(conversation_id: int) -> bool:
    """Keeps others off a conversation until the transaction ends; False where it is no more."""
    return bool(_LOCK.all(id=conversation_id))


def somebody_waits(conversation_id: int) -> bool:
    """Whether a message is in this conversation's line."""
    return bool(_KEYS_IN_LINE.all(conversation=conversation_id))


def join_line(message: QueuedMessage) -> None:
    """Stores a message in its conversation's line; it knows its key then."""
    _JOIN_LINE.add(message)


def leave_line(message_id: int) -> bool:
    """Deletes a message from the line; whether somebody still waited for its answer."""
    return any(_LEAVE_LINE.all(id=message_id))


def insert(row: Conversation) -> None:
    """Stores a new conversation, which knows its key then."""
    _OPEN.add(row)


def write(row: Conversation, state: dict[str, Any], status: str, token: uuid.UUID | None) -> bool:
    """Stores what a turn left behind, if the conversation is as it was read and claimed by ``token`` or nobody."""
    values = {"id": row.pk, "read": row.revision, "state": state, "status": status}
    values |= {"revision": row.revision + 1, "updated_at": timezone.now()}
    if token is None:
        return bool(_WRITE.run(**values))
    return bool(_WRITE_AND_FREE.run(**values, token=token, **dict.fromkeys(FREED)))


def hold(row: Conversation, token: uuid.UUID | None, values: dict[str, Any]) -> bool:
    """Claims the conversation with these values, if it is as it was read and claimed by ``token`` or nobody."""
    as_read = {"id": row.pk, "read": row.revision}
    if token is None:
        return bool(_HOLD.run(**as_read, **values))
    return bool(_HOLD_ON.run(**as_read, token=token, **values))


def published(app_id: int) -> list[int]:
    """The published versions of an App's dialog tasks."""
    return _PUBLISHED.all(app_id=app_id)


def add_turn(turn: Turn) -> None:
    """Stores a new turn. Its key stays unknown: nothing refers to turns."""
    _ADD_TURN.run(turn)
