"""How long another system asks us to wait."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def retry_after(headers: Mapping[str, str], *, at_most: float | None = None) -> float | None:
    """Seconds from a Retry-After header, at least 0 and ``at_most``; None without one that can be read.

    It holds seconds or a date (RFC 9110 section 10.2.3). A date is compared with the answer's own Date where there is
    one, so that a difference between the two clocks does not matter. Header names as `requests` or lower case.
    """
    said = headers.get("retry-after") or headers.get("Retry-After") or ""
    seconds = _number(said)
    if seconds is None and (until := _moment(said)) is not None:
        now = _moment(headers.get("date") or headers.get("Date") or "") or timezone.now()
        seconds = (until - now).total_seconds()
    if seconds is None:
        return None
    seconds = max(seconds, 0.0)
    return seconds if at_most is None else min(seconds, at_most)


def _number(said: str) -> float | None:
    try:
        found = float(said)
    except ValueError:
        return None
    return found if found == found and abs(found) != float("inf") else None  # noqa: PLR0124 -- not NaN


def _moment(said: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(said)
    except ValueError:
        return None
    return found if found.tzinfo else None
