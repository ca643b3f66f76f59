"""How values are said in templates: ``{{context.due | date long}}``. A fixed set, each from a value to a text.

What a filter cannot read it leaves as it is: a text that is no date stays that text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from babel import Locale

STYLES: Final = ("short", "medium", "long", "full")
#: The greatest number that is written out.
GREATEST: Final = 10**15
#: Digits of a number that are shown behind the point, at most.
DECIMALS: Final = "#,##0.######"


class Reader(Protocol):
    """Who reads what is rendered."""

    @property
    def conventions(self) -> Locale:
        """How this reader writes dates and numbers."""

    @property
    def zone(self) -> tzinfo:
        """The reader's time zone."""


class Anybody:
    """A reader of whom nothing is known."""

    @property
    def conventions(self) -> Locale:
        from babel import Locale  # a tenth of a second to import, and few templates need it

        return Locale("en")

    @property
    def zone(self) -> tzinfo:
        return UTC


#: From a value, a style and a reader to words; None where the value is not of that kind.
Filter = Callable[[Any, str, Reader], str | None]


def _moment(value: Any, reader: Reader) -> datetime | date | None:
    """ISO 8601, as values and providers write it; a moment with a zone becomes the reader's."""
    if not isinstance(value, str):
        return None
    try:
        if len(value) == len("2026-11-23"):
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value)
        return moment.astimezone(reader.zone) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None


def _date(value: Any, style: str, reader: Reader) -> str | None:
    from babel import dates

    moment = _moment(value, reader)
    return None if moment is None else dates.format_date(moment, style or "medium", locale=reader.conventions)


def _time(value: Any, style: str, reader: Reader) -> str | None:
    from babel import dates

    moment: Any = _moment(value, reader)
    if moment is None and isinstance(value, str):
        try:
            moment = time.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(moment, datetime | time):
        return None
    # The moment is in the reader's zone already; without one it is shown as it stands.
    return dates.format_time(moment.replace(tzinfo=None), style or "short", locale=reader.conventions)


def _datetime(value: Any, style: str, reader: Reader) -> str | None:
    from babel import dates

    moment = _moment(value, reader)
    if not isinstance(moment, datetime):
        return _date(value, style, reader)
    zone = reader.zone if moment.tzinfo else UTC
    return dates.format_datetime(moment, style or "medium", tzinfo=zone, locale=reader.conventions)


def _figure(value: Any) -> float | int | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        figure = float(value) if isinstance(value, str) else value
    except ValueError:
        return None
    # Beyond that a float is no longer exact; nor is "nan" or "inf" a number to anybody.
    return figure if isinstance(figure, int | float) and abs(figure) <= GREATEST else None


def _number(value: Any, style: str, reader: Reader) -> str | None:
    from babel import numbers

    figure = _figure(value)
    return None if figure is None else numbers.format_decimal(figure, DECIMALS, locale=reader.conventions)


def _percent(value: Any, style: str, reader: Reader) -> str | None:
    from babel import numbers

    figure = _figure(value)
    return None if figure is None else numbers.format_percent(figure, locale=reader.conventions)


def _json(value: Any, style: str, reader: Reader) -> str | None:
    return json.dumps(value, ensure_ascii=False, default=str)


def _upper(value: Any, style: str, reader: Reader) -> str | None:
    return value.upper() if isinstance(value, str) else None


def _lower(value: Any, style: str, reader: Reader) -> str | None:
    return value.lower() if isinstance(value, str) else None


#: Filters by name, with the styles that each takes.
FILTERS: Final[Mapping[str, tuple[Filter, tuple[str, ...]]]] = {
    "date": (_date, STYLES),
    "time": (_time, STYLES[:2]),
    "datetime": (_datetime, STYLES),
    "number": (_number, ()),
    "percent": (_percent, ()),
    "json": (_json, ()),
    "upper": (_upper, ()),
    "lower": (_lower, ()),
}
