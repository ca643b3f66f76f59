"""A conversation as people read it: turns, and the steps behind each answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .display import pretty_json, without_links

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

    from dialogs.models import Conversation, Turn

#: What a step shows besides its head line, in this order.
DETAILS = {
    "changes": "Context changes",
    "connection": "Connection",
    "request": "Request",
    "response": "Response",
    "logs": "Logs",
    "error": "Error",
}


@dataclass(frozen=True)
class StepView:
    """One node passed. ``details`` are titles with pretty JSON, empty ones left out."""

    title: str
    kind: str
    status: str
    duration_ms: int
    details: list[tuple[str, SafeString | str]]


@dataclass(frozen=True)
class TurnView:
    number: int
    text: str
    replies: list[dict[str, Any]]
    created_at: datetime
    duration_ms: int
    intents: list[dict[str, Any]]
    steps: list[StepView]


def transcript_of(conversation: Conversation) -> list[TurnView]:
    """All turns in order, in one query."""
    return [_turn(turn) for turn in conversation.turns.order_by("number")]


def _turn(turn: Turn) -> TurnView:
    trace = turn.trace or {}
    return TurnView(
        number=turn.number,
        text=turn.text,
        replies=[{**reply, "text": without_links(reply.get("text", ""))} for reply in turn.replies],
        created_at=turn.created_at,
        duration_ms=round(trace.get("duration_ms") or 0),
        intents=trace.get("intents") or [],
        steps=[_step(step) for step in trace.get("steps") or []],
    )


def _step(step: dict[str, Any]) -> StepView:
    return StepView(
        title=step.get("title") or step.get("node", ""),
        kind=str(step.get("kind", "")).replace("_", " "),
        status=str(step.get("status", "")),
        duration_ms=round(step.get("duration_ms") or 0),
        details=[(title, pretty_json(step[key])) for key, title in DETAILS.items() if step.get(key)],
    )
