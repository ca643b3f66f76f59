"""The sandbox's own time, which tests move without waiting."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


class Clock:
    """The machine's clock plus an offset in seconds."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """Seconds since the epoch, as the sandbox sees it."""
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Moves time on (or back, when negative) by so many seconds."""
        self.offset += seconds


def jira_timestamp(moment: float, time_zone: str) -> str:
    """A moment the way Jira writes it: milliseconds, and an offset without a colon."""
    local = datetime.fromtimestamp(moment, ZoneInfo(time_zone))
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


def iso_minute(moment: float) -> str:
    """A moment in UTC to the minute, as `X-RateLimit-Reset` carries it."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%MZ}"
