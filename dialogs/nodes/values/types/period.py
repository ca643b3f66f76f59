"""A span of days, kept as {"from": …, "to": …} in ISO 8601. The end may be given in a second answer."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dialogs.nodes.saying import say
from dialogs.nodes.values import calendar
from dialogs.nodes.values.base import (
    LONGEST,
    Circumstances,
    Found,
    Part,
    Reading,
    Several,
    Span,
    Unfit,
    ValueType,
    shortened,
)
from dialogs.nodes.words import plain

from .date import Date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.person import Person

LEADING = re.compile(r"^(?:from|between|von|vom|zwischen) ")
DASHES = "\u2013\u2014"
JOINT = re.compile(rf" ?[/{DASHES}] ?| (?:to|until|till|through|and|bis|und|-) ")
COUNT = r"(\d{1,3}|a|one|two|three|four) (day|week)s?"
LENGTH = re.compile(rf"(.{{1,40}}) for {COUNT}|for {COUNT} from (.{{1,40}})")
SAME_MONTH = re.compile(rf"(\d{{1,2}})\.? ?(?:[-{DASHES}]|to|bis) ?(\d{{1,2}}\.? (?!uhr).{{3,30}})", re.ASCII)
NAMED_IN_A_SENTENCE = re.compile(r"(?<!\w)(?:this|next|last) (?:week|month|year)(?!\w)", re.IGNORECASE)
COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4}
MOST_OPTIONS = 5


class Period(ValueType):
    """A first and a last day."""

    name = "period"
    rules_used = ("end_prompts",)

    def read(self, text: str, around: Circumstances) -> Reading:
        words = LEADING.sub("", plain(text[:LONGEST]), count=1)
        if named := _named(words, around.local_now.date()):
            return Found(_value(*named))
        spans = self._spans(words, around)
        if spans is None:
            return self._start(text, around)
        return self._decided(spans, around.person)

    def complete(self, part: str, text: str, around: Circumstances) -> Reading:
        start = date.fromisoformat(part)
        words = plain(text[:LONGEST]).removeprefix("until ").removeprefix("to ").removeprefix("bis ")
        if match := re.fullmatch(rf"(?:for )?{COUNT}", words):
            return self._decided([(start, start + _length(match[1], match[2]))], around.person)
        ends = calendar.days(words, around.local_now, around.person)
        if not ends:
            whole = self.read(text, around)
            if isinstance(whole, Found | Several):
                return whole
            return Unfit(say("“{words}” is not the last day.", words=shortened(text)))
        return self._decided([(start, end) for end in ends], around.person)

    def spots(self, text: str, around: Circumstances) -> Iterator[Span]:
        """Two days with a word for "to" between them, and weeks and months that have a name."""
        seen = text[:LONGEST]
        days = list(calendar.spotter(around.person.conventions.language).finditer(seen))
        for first, last in pairwise(days):
            if JOINT.fullmatch(seen[first.end() : last.start()].casefold()):
                yield Span(first.start(), last.end())
        yield from (Span(*match.span()) for match in NAMED_IN_A_SENTENCE.finditer(seen))

    def said(self, value: Any, person: Person) -> str:
        days = Date(self.rules)
        return f"{days.said(value['from'], person)} \u2013 {days.said(value['to'], person)}"

    def _start(self, text: str, around: Circumstances) -> Reading:
        """Only a first day, or nothing of the kind."""
        reading = Date(self.rules).read(text, around)
        return Part(str(reading.value)) if isinstance(reading, Found) else reading

    def _decided(self, spans: list[tuple[date, date]], person: Person) -> Reading:
        forward = [(start, end) for start, end in spans if start <= end]
        if not forward:
            return Unfit(say("The last day is before the first."))
        values = [_value(*span) for span in forward[:MOST_OPTIONS]]
        if len(values) == 1:
            return Found(values[0])
        return Several(tuple((self.said(value, person), f"{value['from']}/{value['to']}") for value in values))

    def _spans(self, words: str, around: Circumstances) -> list[tuple[date, date]] | None:
        """First and last days that the words may mean; None where they are not two days."""
        now, person = around.local_now, around.person
        if match := LENGTH.fullmatch(words):
            length = _length(match[2] or match[4], match[3] or match[5])
            starts = calendar.days(match[1] or match[6], now, person)
            return [(start, start + length) for start in starts] or None
        if match := SAME_MONTH.fullmatch(words):
            ends = calendar.days(match[2], now, person)
            starts = [end.replace(day=int(match[1])) for end in ends if 1 <= int(match[1]) <= end.day]
            if starts:
                return list(zip(starts, ends, strict=False))
        for joint in JOINT.finditer(words):
            starts = calendar.days(words[: joint.start()], now, person)
            ends = calendar.days(words[joint.end() :], now, person) if starts else []
            if starts and ends:
                return [(start, end) for start in starts for end in ends]
        return None


def _value(start: date, end: date) -> dict[str, str]:
    return {"from": start.isoformat(), "to": end.isoformat()}


def _length(count: str, unit: str) -> timedelta:
    """From the first day to the last: three days from Monday end on Wednesday."""
    number = COUNTS.get(count) or int(count)
    return timedelta(days=max(number * (7 if unit == "week" else 1) - 1, 0))


def _named(words: str, today: date) -> tuple[date, date] | None:
    """Weeks (from Monday, ISO 8601) and months that have a name, seen from today."""
    match = re.fullmatch(r"(this|next|last) (week|month|year)", words)
    if match is None:
        return None
    step = {"this": 0, "next": 1, "last": -1}[match[1]]
    if match[2] == "week":
        monday = today + timedelta(days=7 * step - today.weekday())
        return monday, monday + timedelta(days=6)
    if match[2] == "year":
        return date(today.year + step, 1, 1), date(today.year + step, 12, 31)
    first = _month(today, step)
    return first, _month(first, 1) - timedelta(days=1)


def _month(day: date, step: int) -> date:
    months = day.year * 12 + day.month - 1 + step
    return date(months // 12, months % 12 + 1, 1)
