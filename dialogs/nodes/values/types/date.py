"""Dates, kept as ISO 8601 (2026-11-23). Where day and month could be swapped, the person is asked which it is."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dialogs.nodes.values.base import Circumstances, Found, Reading, Several, Unfit, ValueType
from dialogs.nodes.words import plain

from .listing import shortened

if TYPE_CHECKING:
    from datetime import datetime

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?\.?", re.ASCII)
WEEKDAY = re.compile(r"(next |this |coming )?(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST = 80


class Date(ValueType):
    name = "date"

    def read(self, text: str, around: Circumstances) -> Reading:
        words = plain(text).removeprefix("on ")
        today = around.now.date()
        if match := ISO.fullmatch(words):
            found = [_date(*map(int, match.groups()))]
        elif match := NUMERIC.fullmatch(words):
            found = _numeric(int(match[1]), int(match[2]), match[3], today, day_first="." in words)
        elif match := WEEKDAY.fullmatch(words):
            found = _weekday(match[2][:3], today, either=match[1] == "next ")
        else:
            found = [in_words(words, around.now)]
        dates = [day for day in dict.fromkeys(found) if day]
        if len(dates) == 1:
            return Found(dates[0].isoformat())
        if dates:
            return Several(tuple((f"{day.day} {day:%B %Y}", day.isoformat()) for day in dates))
        return Unfit(f"“{shortened(text)}” is not a date I understand.")


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _numeric(first: int, second: int, year: str | None, today: date, *, day_first: bool) -> list[date | None]:
    """The days that two numbers may mean; without a year, the next time they come round."""
    # A dotted date is written day first wherever it is in use.
    orders = [(second, first)] if day_first else [(second, first), (first, second)]
    if year:
        return [_date(int(year), month, day) for month, day in orders]
    coming = [[_date(today.year + later, month, day) for later in range(5)] for month, day in orders]
    return [next((day for day in days if day and day >= today), None) for days in coming]


def _weekday(name: str, today: date, *, either: bool) -> list[date | None]:
    """The coming day of that name; with ``either`` ("next friday") also the one a week after it."""
    ahead = (WEEKDAYS.index(name) - today.weekday() - 1) % 7 + 1
    return [today + timedelta(days=ahead + week) for week in ((0, 7) if either else (0,))]


def in_words(text: str, now: datetime) -> date | None:
    """The day that words mean as seen from ``now`` ("tomorrow", "in two weeks", "3 May"); None if they mean none."""
    # A month or a year alone is no day, and a single word or number is read as one by the library.
    if len(text) > LONGEST or not text or text.isdigit():
        return None
    # Half a second to import, and few dialogs ask for dates.
    import dateparser  # type: ignore[import-untyped]

    found: datetime | None = dateparser.parse(
        text,
        languages=["en"],
        settings={
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "PREFER_DATES_FROM": "future",
            "REQUIRE_PARTS": ["day"],
        },
    )
    return found.date() if found else None
