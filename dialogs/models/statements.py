"""The three statements of a turn, written out.

Django's query compiler takes about three times as long for each as the database does, and every message pays it. Only
what every turn needs stands here; whatever is rare goes through the models.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from .conversation import Conversation, Turn

if TYPE_CHECKING:
    import uuid

COLUMNS = (
    "id",
    "public_id",
    "app_id",
    "end_user_id",
    "channel",
    "draft",
    "focus_id",
    "status",
    "state",
    "revision",
    "claim",
)
READ = """
SELECT id, channel, draft, focus_id, status, state, revision, claim,
       EXISTS(SELECT 1 FROM dialogs_turn WHERE conversation_id = dialogs_conversation.id AND client_message_id = %s)
FROM dialogs_conversation WHERE public_id = %s AND app_id = %s AND end_user_id = %s
"""
WRITE = """
UPDATE dialogs_conversation SET state = %s, status = %s, revision = %s, updated_at = %s
WHERE id = %s AND revision = %s AND claim IS NULL
"""
WRITE_AND_FREE = """
UPDATE dialogs_conversation
SET state = %s, status = %s, revision = %s, updated_at = %s, claim = NULL, claimed_until = NULL, journal = NULL
WHERE id = %s AND revision = %s AND claim = %s
"""
ADD_TURN = """
INSERT INTO dialogs_turn (conversation_id, number, client_message_id, text, replies, trace, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_UUID = Conversation._meta.get_field("public_id")


def read(
    app_id: int, public_id: uuid.UUID, end_user_id: int, client_message_id: str | None
) -> tuple[Conversation, bool] | None:
    """One person's conversation, and whether it has a turn for this message already.

    A conversation that is claimed comes without what is known about the claim: read it again through the model.
    """
    with connection.cursor() as cursor:
        cursor.execute(READ, [client_message_id, _uuid(public_id), app_id, end_user_id])
        row = cursor.fetchone()
    if row is None:
        return None
    key, channel, draft, focus, status, state, revision, claim, delivered = row
    values = (key, public_id, app_id, end_user_id, channel, bool(draft), focus, status, json.loads(state), revision)
    return Conversation.from_db(connection.alias, COLUMNS, (*values, claim)), bool(delivered)


def write(row: Conversation, state: dict[str, Any], status: str, token: uuid.UUID | None) -> bool:
    """Stores what a turn left behind, if the conversation is as it was read and claimed by ``token`` or nobody."""
    values = [_json(state), status, row.revision + 1, _now(), row.pk, row.revision]
    with connection.cursor() as cursor:
        if token is None:
            cursor.execute(WRITE, values)
        else:
            cursor.execute(WRITE_AND_FREE, [*values, _uuid(token)])
        return bool(cursor.rowcount)


def add_turn(turn: Turn) -> None:
    """Stores a new turn. Its key stays unknown: nothing refers to turns."""
    values = [turn.conversation_id, turn.number, turn.client_message_id, turn.text]
    with connection.cursor() as cursor:
        cursor.execute(ADD_TURN, [*values, _json(turn.replies), _json(turn.trace), _now()])


def _uuid(value: uuid.UUID) -> Any:
    return _UUID.get_db_prep_value(value, connection)


def _json(value: Any) -> Any:
    return connection.ops.adapt_json_value(value, None)


def _now() -> Any:
    return connection.ops.adapt_datetimefield_value(timezone.now())
