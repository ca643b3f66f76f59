"""Times of day, kept as ISO 8601 (14:30, 14:30:05)."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from dialogs.nodes.saying import say
from dialogs.nodes.values import calendar
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Several, Span, Unfit, ValueType, shortened
from dialogs.nodes.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.person import Person

#: Units that make words a time from now, such as "in 20 minutes".
RELATIVE = ("hour", "minute", "stunde", "minute", "now", "jetzt")


class Time(ValueType):
    """A time of day, as 14:30."""

    name = "time"

    def read(self, text: str, around: Circumstances) -> Reading:
        times = calendar.times(text) or self._from_now(text, around)
        if len(times) == 1:
            return Found(iso(times[0]))
        if times:
            return Several(tuple((self.said(iso(one), around.person), iso(one)) for one in times))
        return Unfit(say("“{words}” is not a time of day I understand.", words=shortened(text)))

    def spots(self, text: str, around: Circumstances) -> Iterator[Span]:
        return (Span(*match.span()) for match in calendar.TIME_SPOTTER.finditer(text[:LONGEST]))

    def said(self, value: Any, person: Person) -> str:
        from babel.dates import format_time

        return format_time(time.fromisoformat(str(value)), "short", locale=person.conventions)

    def _from_now(self, text: str, around: Circumstances) -> tuple[time, ...]:
        words = plain(text)
        if not any(unit in words for unit in RELATIVE):
            return ()
        moment = calendar.in_words(words, around.local_now, around.person)
        return (moment.time().replace(second=0, microsecond=0),) if moment else ()


def iso(moment: time) -> str:
    """ISO 8601, with seconds only where there are some."""
    return moment.isoformat("seconds" if moment.second else "minutes")
