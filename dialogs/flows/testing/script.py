"""What a test says and expects, turn by turn.

A turn is {"say", "at", "expect", "calls", "standings"}. ``say`` is null where the conversation goes on by itself,
``at`` the time in ISO 8601 that the dialog sees. ``expect`` is {"replies", "waits", "values"}, each of them optional:
replies in order as {"match": "equals" | "contains" | "any", "text"}; the node that waits afterwards, "" for none;
values of the context by path. ``calls`` are canned answers {"node", "provider", "operation", "sent", "result"}; a
``sent`` of null may be anything. ``standings`` say by provider whether the person may call it, and whether there was
a link to authorize; what is not named may be called.

Where a node waits for the outside, ``openings`` hold what it was answered {"node", "awaited", "result"}, and ``event``
what came {"wait", "kind", "data"}; the turn then has no ``say``. ``files`` are those that came with what was said
{"name", "content_type", "size", "id"}; a test holds no contents.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft202012Validator

from dialogs.errors import BadTest
from dialogs.flows.attachments import MOST_FILES

if TYPE_CHECKING:
    from collections.abc import Sequence

MATCHES: Final = ("equals", "contains", "any")
OUTCOMES: Final = ("answered", "unreachable", "timed_out", "unknown", "authorization_required", "refused")
EVENTS: Final = ("arrived", "canceled", "expired", "said", "returned", "closed")
MOST_TURNS: Final = 200

_OBJECT: Final = {"type": "object"}
_CALL: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["node", "operation", "result"],
    "properties": {
        "node": {"type": "string"},
        "provider": {"type": "string"},
        "operation": {"type": "string"},
        "sent": {"type": ["object", "null"]},
        "result": {
            "type": "object",
            "required": ["outcome"],
            "properties": {
                "outcome": {"enum": list(OUTCOMES)},
                "status_code": {"type": ["integer", "null"]},
                "headers": {"type": "object", "additionalProperties": {"type": "string"}},
                "message": {"type": "string"},
            },
        },
    },
}
_REPLY: Final = {
    "type": "object",
    "required": ["match"],
    "properties": {"match": {"enum": list(MATCHES)}, "text": {"type": "string"}},
}
_STANDING: Final = {
    "type": "object",
    "required": ["outcome"],
    "properties": {
        "outcome": {"enum": ["ready", "authorization_required", "refused"]},
        "message": {"type": "string"},
        "link": {"type": "boolean"},
    },
}
_OPENING: Final = {
    "type": "object",
    "properties": {
        "node": {"type": "string"},
        "awaited": {
            "type": ["object", "null"],
            "required": ["id", "kind", "expires_at"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "string"},
                "kind": {"enum": ["webhook", "form", "agent"]},
                "expires_at": {"type": "string", "pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d"},
                "url": {"type": "string"},
            },
        },
        "result": {"anyOf": [{"type": "null"}, _CALL["properties"]["result"]]},
    },
}
_FILE: Final = {
    "type": "object",
    "required": ["name", "size", "id"],
    "properties": {
        "name": {"type": "string"},
        "content_type": {"type": "string"},
        "size": {"type": "integer", "minimum": 0},
        "id": {"type": "string"},
    },
}
_TURN: Final = {
    "type": "object",
    "required": ["say"],
    "properties": {
        "say": {"type": ["string", "null"], "maxLength": 10_000},
        "at": {"type": ["string", "null"]},
        "expect": {
            "type": "object",
            "properties": {
                "replies": {"type": ["array", "null"], "items": _REPLY},
                "waits": {"type": ["string", "null"]},
                "values": _OBJECT,
            },
        },
        "calls": {"type": "array", "items": _CALL},
        "standings": {"type": "object", "additionalProperties": _STANDING},
        "files": {"type": "array", "maxItems": MOST_FILES, "items": _FILE},
        "openings": {"type": "array", "items": _OPENING},
        "event": {
            "type": ["object", "null"],
            "required": ["wait", "kind"],
            "additionalProperties": False,
            "properties": {"wait": {"type": "string"}, "kind": {"enum": list(EVENTS)}, "data": {}},
        },
    },
}
TURNS: Final = Draft202012Validator({"type": "array", "maxItems": MOST_TURNS, "items": _TURN})


def check_turns(turns: Any) -> None:
    """Whether turns have the form that can be run. Raises BadTest, which names the turn and what is wrong with it."""
    try:
        if "\\u0000" in json.dumps(turns, allow_nan=False):
            raise BadTest(reason="it holds the character NUL, which cannot be stored.")
    except (ValueError, RecursionError):
        raise BadTest(reason="it holds a number that is none, or is nested too deeply.") from None
    for error in TURNS.iter_errors(turns):
        raise BadTest(reason=f"{_where(list(error.absolute_path))}: {error.message.replace(chr(39), '')[:200]}.")


def _where(path: Sequence[Any]) -> str:
    if not path:
        return "The turns"
    rest = ".".join(str(step) for step in path[1:])
    return f"Turn {int(path[0]) + 1}{f', {rest}' if rest else ''}"


def spoken(value: Any) -> str:
    """A value as a page shows it beside another one."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
