"""Finding the turns of an App by what happened in them: said, passed, called, with whose connection, for whom, when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from dialogs.models import Turn
from integrations import api

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from xoplatform.models import App

#: How a step may have ended, with what that means.
STATUSES: Final = {
    "failed": "failed",
    "waiting": "waits for an answer",
    "interrupted": "interrupted",
    "done": "went through",
}
PAGE: Final = 50
MOST_LOOKED_AT: Final = 2000
AT_A_TIME: Final = 100


@dataclass(frozen=True)
class Search:
    """What a turn must have; empty fields ask for nothing. ``connection`` is a connection's number."""

    text: str = ""
    node: str = ""
    operation: str = ""
    status: str = ""
    connection: str = ""
    person: str = ""
    since: datetime | None = None
    until: datetime | None = None


def find_turns(app: App, search: Search, before: int | None = None) -> list[Turn]:
    """The newest turns that fit, one more than `PAGE` where there are more; ``before`` is the last key of a page.

    The database finds candidates in the text of the JSON; what only its keys hold is sorted out here, so a word such as
    "status" gives up after `MOST_LOOKED_AT` of them. Two queries, and one more for every `AT_A_TIME` sorted out.
    """
    rows = Turn.objects.filter(conversation__app=app)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    # Keys alone first: what a database sorts should be narrow.
    keys = list(_fitting(rows, search).order_by("-pk").values_list("pk", flat=True)[:MOST_LOOKED_AT])
    found: list[Turn] = []
    for start in range(0, len(keys), AT_A_TIME):
        found += [turn for turn in _read(keys[start : start + AT_A_TIME]) if _says(turn, search.text)]
        if len(found) > PAGE:
            break
    return found[: PAGE + 1]


def _read(keys: Sequence[int]) -> QuerySet[Turn]:
    rows = Turn.objects.filter(pk__in=keys).select_related("conversation__end_user").order_by("-pk")
    return rows.defer("record", "conversation__state", "conversation__journal")


def _fitting(rows: QuerySet[Turn], search: Search) -> QuerySet[Turn]:
    if search.since is not None:
        rows = rows.filter(created_at__gte=search.since, conversation__updated_at__gte=search.since)
    if search.until is not None:
        rows = rows.filter(created_at__lt=search.until)
    if search.person:
        rows = rows.filter(_person(search.person))
    # JSON as text: both databases write a blank behind the colon, and keys of equal steps in the same way.
    rows = rows.alias(told=Cast("trace", TextField()), answered=Cast("replies", TextField()))
    for key, value in (("node", search.node), ("operation", search.operation), ("status", search.status)):
        if value:
            rows = rows.filter(_holds("told", f'"{key}": {json.dumps(value)}', f'"{key}": "{value}"'))
    if search.connection.isdecimal():
        rows = rows.filter(told__contains=f'"connection": {{"id": {int(search.connection)},')
    if search.text:
        escaped = json.dumps(search.text)[1:-1]
        found = Q(text__icontains=search.text)
        found |= _holds("answered", search.text, escaped) | _holds("told", search.text, escaped)
        rows = rows.filter(found)
    return rows


def _says(turn: Turn, text: str) -> bool:
    """Whether the words stand in what was said, answered, or kept of the turn, and not only in its form."""
    wanted = text.casefold()
    return not wanted or any(wanted in one.casefold() for one in (turn.text, *_values([turn.replies, turn.trace])))


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _values(one)
    elif value is not None:
        yield str(value)


def _person(words: str) -> Q:
    fields = ("name", "email", "external_id")
    return Q(*((f"conversation__end_user__{field}__icontains", words) for field in fields), _connector=Q.OR)


def _holds(column: str, *texts: str) -> Q:
    """SQLite keeps JSON with escapes for what is not ASCII, PostgreSQL without: either may be found."""
    return Q(*((f"{column}__icontains", text) for text in dict.fromkeys(texts)), _connector=Q.OR)


def open_turn(app: App, pk: int) -> Turn | None:
    """One turn of the App with its conversation and person, without its record."""
    rows = Turn.objects.filter(conversation__app=app, pk=pk).select_related("conversation__end_user")
    return rows.defer("record", "conversation__state", "conversation__journal").first()


def calls_of(turn: Turn) -> Any:
    """The calls that were made in a turn, in their order, without what was sent and received."""
    rows = api.CallRecord.objects.filter(reference=str(turn.conversation.public_id), part=str(turn.number))
    return rows.select_related("connection").defer("request", "response").order_by("pk")
