"""Making a test of a conversation that somebody had in *Talk to Bot*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dialogs.errors import NothingToRecord
from dialogs.models import DialogTest
from xoplatform.logs import HIDDEN

from .script import MOST_TURNS

if TYPE_CHECKING:
    from dialogs.models import Conversation, Turn

LONGEST_NAME: Final = 80
READY: Final = {"outcome": "ready", "message": ""}


def record_test(conversation: Conversation, *, name: str = "", user: Any = None) -> DialogTest:
    """A test that says what was said, holds what providers answered, and expects what was replied. Three queries.

    Raises NothingToRecord when nothing was said, or where a turn's record was not kept.
    """
    rows = list(conversation.turns.order_by("number")[: MOST_TURNS + 1])
    if not rows or len(rows) > MOST_TURNS or any(row.record is None for row in rows):
        raise NothingToRecord
    first = next((row.text for row in rows if row.text), "")
    test = DialogTest(
        app=conversation.app,
        task=conversation.focus,
        name=_free_name(conversation, name or first or "Conversation"),
        setting={"person": (rows[0].record or {}).get("person") or {}},
        turns=[_turn(row) for row in rows],
        created_by=user,
    )
    test.save(force_insert=True)
    return test


def _free_name(conversation: Conversation, wanted: str) -> str:
    base = " ".join(wanted.split())[:LONGEST_NAME] or "Conversation"
    rows = DialogTest.objects.filter(app=conversation.app, name__startswith=base)
    taken = set(rows.values_list("name", flat=True))
    number = 2
    name = base
    while name in taken:
        name, number = f"{base} ({number})", number + 1
    return name


def _turn(row: Turn) -> dict[str, Any]:
    record = row.record or {}
    return {
        "say": row.text if row.text or record.get("files") else None,
        "at": record.get("at"),
        "expect": {
            "replies": [_reply(reply) for reply in row.replies],
            "waits": record.get("waits", ""),
            "values": _values(row.trace or {}),
        },
        "calls": record.get("calls", []),
        "standings": {k: v for k, v in (record.get("standings") or {}).items() if v != READY},
        **{key: record[key] for key in ("openings", "event", "files") if record.get(key)},
    }


def _reply(reply: dict[str, Any]) -> dict[str, str]:
    """What is expected of a reply; one that holds a link to a person's own page may be anything, as the link is."""
    data, text = reply.get("data") or {}, reply.get("text", "")
    if "url" in data:
        return {"match": "any", "text": ""}
    return {"match": "equals", "text": text}


def _values(trace: dict[str, Any]) -> dict[str, Any]:
    """Entities that the turn filled; what was hidden or cut cannot be expected."""
    changes = ((path, value) for step in trace.get("steps", []) for path, value in (step.get("changes") or {}).items())
    return {
        path: value
        for path, value in changes
        if path.startswith("entities.") and value != HIDDEN and not _is_cut(value)
    }


def _is_cut(value: Any) -> bool:
    return isinstance(value, str) and value.endswith("characters)") and "… (" in value
