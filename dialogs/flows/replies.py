"""A reply as channels get it.

The address of a page that is one person's alone (an authorization link, a form) is told to whoever talks for that
person, as long as it can be used. Later, and to all others who may read the conversation, it is hidden.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from .transcript import without_addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

AUTHORIZATION: Final = "authorization_required"
#: What a reply can be, by the type of its data; all others are texts.
KINDS: Final = ("text", AUTHORIZATION, "form", "agent")


def shown(replies: Iterable[Mapping[str, Any]], now: datetime, *, addresses: bool) -> list[dict[str, Any]]:
    """Replies as they are stored, for a reader; ``addresses``: whether they talk for the person."""
    return [_shown(reply, now, addresses=addresses) for reply in replies]


def _shown(reply: Mapping[str, Any], now: datetime, *, addresses: bool) -> dict[str, Any]:
    data = reply.get("data") or {}
    kind = data.get("type")
    told = {
        "kind": "text",
        "text": reply.get("text", ""),
        "quick_replies": reply.get("quick_replies") or [],
        "buttons": data.get("buttons") or [],
        "data": {key: value for key, value in data.items() if key != "buttons"} or None,
        "authorization_required": None,
        "form": None,
        "agent": None,
    }
    if kind == "agent":
        return told | {"kind": "agent", "agent": {"name": str(data.get("agent") or "")}, "data": None}
    if kind not in {AUTHORIZATION, "form"} or not _is_time(data.get("expires_at")):
        return told
    url = data.get("url") if addresses and datetime.fromisoformat(data["expires_at"]) > now else None
    page = {"url": url, "expires_at": data["expires_at"]}
    if kind == "form":
        page |= {"title": str(data.get("title") or "")}
    else:
        page |= {"provider": str(data.get("provider") or ""), "code_needed": bool(data.get("code_needed"))}
    text = told["text"] if url else without_addresses(told["text"])
    return told | {"kind": kind, "text": text, "data": None, kind: page}


def _is_time(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False
