"""A conversation as people read it: turns, and the steps behind each answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dialogs.flows.redaction import without_links
from dialogs.flows.uploads import kept_id

from .display import pretty_json

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from django.utils.safestring import SafeString

    from dialogs.models import Conversation, Turn

#: What a step shows besides its head line, in this order.
DETAILS = {
    "decisions": "Decisions",
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
    #: What was called, where something was.
    operation: str
    #: The connection's number and in words whose it was, where something was called.
    connection: tuple[int, str] | None
    #: The path and what it holds now, for everything that the step changed.
    changes: list[tuple[str, SafeString | str]]
    details: list[tuple[str, SafeString | str]]


@dataclass(frozen=True)
class TurnView:
    pk: int
    number: int
    text: str
    replies: list[dict[str, Any]]
    created_at: datetime
    duration_ms: int
    intents: list[dict[str, Any]]
    #: What became of whole tasks: put on hold, resumed, timed out.
    tasks: list[dict[str, Any]]
    steps: list[StepView]
    #: Names of the files that came with the message, each with the id of the one that is kept here, else nothing.
    files: list[tuple[str, uuid.UUID | None]]


def transcript_of(conversation: Conversation) -> list[TurnView]:
    """All turns in order, in one query."""
    return [turn_view(turn) for turn in conversation.turns.defer("record").order_by("number")]


def turn_view(turn: Turn) -> TurnView:
    """One turn, redacted once more."""
    trace = turn.trace or {}
    return TurnView(
        pk=turn.pk,
        number=turn.number,
        text=turn.text,
        replies=[{**reply, "text": without_links(reply.get("text", ""))} for reply in turn.replies],
        created_at=turn.created_at,
        duration_ms=round(trace.get("duration_ms") or 0),
        intents=trace.get("intents") or [],
        tasks=trace.get("tasks") or [],
        steps=[_step(step) for step in trace.get("steps") or []],
        files=[(str(file.get("name")), kept_id(file)) for file in trace.get("files") or []],
    )


def _step(step: dict[str, Any]) -> StepView:
    return StepView(
        title=step.get("title") or step.get("node", ""),
        kind=str(step.get("kind", "")).replace("_", " "),
        status=str(step.get("status", "")),
        duration_ms=round(step.get("duration_ms") or 0),
        operation=str(step.get("operation") or ""),
        connection=_connection(step.get("connection")),
        changes=[(path, pretty_json(value)) for path, value in (step.get("changes") or {}).items()],
        details=[(title, pretty_json(step[key])) for key, title in DETAILS.items() if step.get(key)],
    )


def _connection(told: Any) -> tuple[int, str] | None:
    """ "Ada Ames at acme, token generation 3, renewed for this call"; None where nothing was called."""
    if not isinstance(told, dict) or not isinstance(told.get("id"), int):
        return None
    whose = f"{told.get('account') or told.get('owner') or 'Connection'}"
    site = f" at {told['site']}" if told.get("site") else ""
    renewed = {True: ", renewed for this call", False: ", not renewed for this call"}.get(told.get("refreshed"), "")  # type: ignore[arg-type]
    return told["id"], f"{whose} ({told.get('owner', '')}){site}, token generation {told.get('generation', 0)}{renewed}"
