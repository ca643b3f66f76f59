"""Dates, kept as ISO 8601 (2026-11-23). Where day and month could be swapped, the person is asked which it is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from dialogs.nodes.saying import say
from dialogs.nodes.values import calendar
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Several, Span, Unfit, ValueType, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.person import Person


class Date(ValueType):
    """A day, as 2026-11-23."""

    name = "date"

    def read(self, text: str, around: Circumstances) -> Reading:
        days = calendar.days(text, around.local_now, around.person)
        if len(days) == 1:
            return Found(days[0].isoformat())
        if days:
            return Several(tuple((self.said(day.isoformat(), around.person), day.isoformat()) for day in days))
        return Unfit(say("“{words}” is not a date I understand.", words=shortened(text)))

    def spots(self, text: str, around: Circumstances) -> Iterator[Span]:
        found = calendar.spotter(around.person.conventions.language).finditer(text[:LONGEST])
        return (Span(*match.span()) for match in found)

    def said(self, value: Any, person: Person) -> str:
        from babel.dates import format_date

        return format_date(date.fromisoformat(str(value)), "long", locale=person.conventions)
