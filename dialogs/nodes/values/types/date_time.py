"""A day with a time of day, kept as ISO 8601 with the person's offset from UTC (2026-11-24T15:00+01:00)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from dialogs.nodes.saying import say
from dialogs.nodes.values import calendar
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Several, Span, Unfit, ValueType, shortened
from dialogs.nodes.words import plain

from .time import RELATIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.person import Person

#: What joins a day and a time.
JOINTS = (" at ", " um ", ", ", " ")
SHORTEST_ISO = len("2026-11-24T15:00")


class DateTime(ValueType):
    """A day with a time of day and its offset from UTC."""

    name = "date_time"

    def read(self, text: str, around: Circumstances) -> Reading:
        moments = self._moments(text.strip()[:LONGEST], around)
        if len(moments) == 1:
            return Found(iso(moments[0], around))
        if moments:
            values = [iso(moment, around) for moment in moments[:5]]
            return Several(tuple((self.said(value, around.person), value) for value in values))
        if calendar.days(text, around.local_now, around.person):
            return Unfit(say("I also need the time of day, for example “tomorrow at 15:00”."))
        return Unfit(say("“{words}” is not a day with a time that I understand.", words=shortened(text)))

    def spots(self, text: str, around: Circumstances) -> Iterator[Span]:
        days = list(calendar.spotter(around.person.conventions.language).finditer(text[:LONGEST]))
        times = list(calendar.TIME_SPOTTER.finditer(text[:LONGEST]))
        for day in days:
            for moment in times:
                if text[day.end() : moment.start()] in JOINTS:
                    yield Span(day.start(), moment.end())
                elif text[moment.end() : day.start()] in (" ", " on ", " am "):
                    yield Span(moment.start(), day.end())

    def said(self, value: Any, person: Person) -> str:
        from babel.dates import format_datetime

        moment = datetime.fromisoformat(str(value))
        return format_datetime(moment, "medium", tzinfo=person.zone, locale=person.conventions)

    def _moments(self, text: str, around: Circumstances) -> list[datetime]:
        if moment := _exact(text):
            return [moment]
        words, now = plain(text), around.local_now
        if any(unit in words for unit in RELATIVE) and (found := calendar.in_words(words, now, around.person)):
            return [found.replace(second=0, microsecond=0)]
        if times := calendar.times(words):
            return _coming(times, now)
        return [datetime.combine(day, moment) for day, moment in self._both(words, around)]

    def _both(self, words: str, around: Circumstances) -> Iterator[tuple[date, time]]:
        """A day and a time, in either order, at the first joint at which both are one."""
        for joint in JOINTS:
            for cut in range(words.count(joint)):
                parts = words.split(joint)
                first, second = joint.join(parts[: cut + 1]), joint.join(parts[cut + 1 :])
                for day_words, time_words in ((first, second), (second, first)):
                    times = calendar.times(time_words)
                    days = calendar.days(day_words, around.local_now, around.person) if times else []
                    if days:
                        yield from ((day, moment) for day in days for moment in times)
                        return


def _exact(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if len(text) >= SHORTEST_ISO else None
    except ValueError:
        return None


def _coming(times: tuple[time, ...], now: datetime) -> list[datetime]:
    """A time alone: today where it is still ahead; else it may be today's or tomorrow's."""
    today = [datetime.combine(now.date(), moment) for moment in times]
    ahead = [moment for moment in today if moment > now.replace(tzinfo=None)]
    return ahead if len(ahead) == 1 else ahead or [*today, *(moment + timedelta(days=1) for moment in today)]


def iso(moment: datetime, around: Circumstances) -> str:
    """ISO 8601; a moment without an offset is on the person's clock."""
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=around.person.zone)
    return zoned.isoformat(timespec="seconds" if zoned.second else "minutes")
