"""Days and times of day as people write them, in the person's language and in English.

Where day and month could be swapped, both days come back unless the person's region tells the order.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from dialogs.nodes.words import plain

if TYPE_CHECKING:
    from dialogs.nodes.person import Person

ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
NUMERIC: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2})?)?", re.ASCII)
WEEKDAY: Final = re.compile(r"(next |this |coming )?(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?")
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Characters of a date or time in words; the library's time grows with the text.
LONGEST: Final = 60

CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2})(?::(\d{2}))?)? ?(a\.?m\.?|p\.?m\.?|uhr|h|o'clock)?", re.ASCII)
NAMED_TIMES: Final = {
    "noon": time(12),
    "midday": time(12),
    "midnight": time(0),
    "mittag": time(12),
    "mitternacht": time(0),
}
HALF_DAY: Final = 12


def days(text: str, now: datetime, person: Person) -> list[date]:
    """The days that a text may mean as seen from ``now`` on the person's clock; none where it means none."""
    words = plain(text).removeprefix("on ").removeprefix("am ")
    if match := ISO.fullmatch(words):
        found = [_date(*map(int, match.groups()))]
    elif match := NUMERIC.fullmatch(words):
        found = _numeric(match, now.date(), _orders(words, person))
    elif match := WEEKDAY.fullmatch(words):
        found = _weekday(match[2][:3], now.date(), either=match[1] == "next ")
    else:
        moment = in_words(words, now, person, "day")
        found = [moment.date()] if moment else []
    return [day for day in dict.fromkeys(found) if day]


def times(text: str) -> tuple[time, ...]:
    """The times of day that a text may mean: "2:30 pm" is one, "at 5" may be two; none where it means none."""
    words = plain(text).removeprefix("at ").removeprefix("um ")
    if words in NAMED_TIMES:
        return (NAMED_TIMES[words],)
    match = CLOCK.fullmatch(words)
    if match is None:
        return ()
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    half = (match[4] or "").replace(".", "")
    if half in {"am", "pm"}:
        if not 1 <= hour <= HALF_DAY:
            return ()
        hour = hour % HALF_DAY + (HALF_DAY if half == "pm" else 0)
    found = _time(hour, minute, second)
    # "5" and "5 o'clock" say nothing of the half of the day; "5:00" and "05" are the 24-hour clock.
    if found and not match[2] and half in {"", "o'clock"} and 1 <= hour < HALF_DAY and not match[1].startswith("0"):
        return (found, found.replace(hour=hour + HALF_DAY))
    return (found,) if found else ()


def in_words(text: str, now: datetime, person: Person, required: str = "") -> datetime | None:
    """The moment that words mean as seen from ``now`` ("tomorrow", "in two hours", "3 May"); None if they mean none.

    With ``required`` "day", words that name no day mean none.
    """
    # A month or a year alone is no day, and a single word or number is read as one by the library.
    if len(text) > LONGEST or not text or text.isdigit():
        return None
    # Half a second to import, and few dialogs ask for dates.
    import dateparser  # type: ignore[import-untyped]

    settings = {"RELATIVE_BASE": now.replace(tzinfo=None), "PREFER_DATES_FROM": "future"}
    if required:
        settings["REQUIRE_PARTS"] = [required]
    try:
        found: datetime | None = dateparser.parse(text, languages=_known(person.language), settings=settings)
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError, KeyError, RecursionError):
        # The library stumbles over some texts that are no dates.
        return None
    return found.replace(tzinfo=None) if found else None


@lru_cache(maxsize=64)
def _known(language: str) -> list[str]:
    from dateparser.data.languages_info import language_order  # type: ignore[import-untyped]

    return [tag for tag in dict.fromkeys((language, "en")) if tag in language_order]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time(hour: int, minute: int, second: int) -> time | None:
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def _orders(words: str, person: Person) -> tuple[str, ...]:
    """Whether the day comes first ("d") or the month ("m"); both where nothing tells it."""
    # A dotted date is written day first wherever it is in use.
    if "." in words:
        return ("d",)
    if not person.has_region:
        return ("d", "m")
    pattern = person.conventions.date_formats["short"].pattern.lower()
    return ("d",) if pattern.find("d") < pattern.find("m") else ("m",)


def _numeric(match: re.Match[str], today: date, orders: tuple[str, ...]) -> list[date | None]:
    """The days that two numbers may mean; without a year, the next time they come round."""
    first, second = int(match[1]), int(match[2])
    pairs = [(second, first) if order == "d" else (first, second) for order in orders]
    if match[3]:
        year = int(match[3]) + (today.year // 100 * 100 if len(match[3]) == 2 else 0)  # noqa: PLR2004 -- two digits
        return [_date(year, month, day) for month, day in pairs]
    coming = [[_date(today.year + later, month, day) for later in range(5)] for month, day in pairs]
    return [next((day for day in days if day and day >= today), None) for days in coming]


def _weekday(name: str, today: date, *, either: bool) -> list[date | None]:
    """The coming day of that name; with ``either`` ("next friday") also the one a week after it."""
    ahead = (WEEKDAYS.index(name) - today.weekday() - 1) % 7 + 1
    return [today + timedelta(days=ahead + week) for week in ((0, 7) if either else (0,))]


@lru_cache(maxsize=32)
def spotter(language: str) -> re.Pattern[str]:
    """Finds what is surely a day in a sentence: numeric dates, days of a month, weekdays, "tomorrow", "in 3 days"."""
    months, weekdays = _named(language, "months"), _named(language, "days")
    day = r"\d{1,2}(?:st|nd|rd|th|\.)?"
    year = r"(?:,? \d{4})?"
    return re.compile(
        rf"(?<![\w/.-])(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{4}}"
        rf"|{day} (?:of )?(?:{months}){year}|(?:{months}) {day}{year}"
        rf"|(?:(?:next|this|coming) )?(?:{weekdays})|day after tomorrow|today|tomorrow|yesterday|heute|morgen"
        rf"|in (?:\d{{1,3}}|a|one|two|three) (?:day|week|month)s?)(?![\w/-])",
        re.IGNORECASE,
    )


def _named(language: str, kind: str) -> str:
    """Names of months or weekdays in English and one more language, as alternatives of a pattern."""
    from babel import Locale

    names: dict[str, None] = {}
    for tag in ("en", language):
        widths = getattr(Locale(tag), kind)["format"]
        for width in ("wide", "abbreviated"):
            names |= {name.strip("."): None for name in widths[width].values()}
    # "May" is a word, too, but not beside a number; short weekdays such as "sun" are.
    kept = [name for name in names if kind == "months" or len(name) > 3]  # noqa: PLR2004 -- "Mon", "sun"
    return "|".join(re.escape(name) for name in sorted(kept, key=len, reverse=True))


#: What is surely a time of day in a sentence.
TIME_SPOTTER: Final = re.compile(
    r"(?<![\w:.-])(?:\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\b\.?)?|\d{1,2} ?[ap]\.?m\b\.?"
    r"|\d{1,2} uhr|noon|midnight)(?![\w:-])",
    re.IGNORECASE,
)
