"""Dates in queries: absolute in the person's time zone, or relative to now."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

RELATIVE = re.compile(r"([+-]?)(\d+)([mhdw])")
SECONDS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M")


def read_moment(text: str, now: float, time_zone: str) -> float | None:
    """Seconds since the epoch for `-7d`, `2026-11-23` or `2026-11-23 14:30`; None for anything else."""
    if relative := RELATIVE.fullmatch(text):
        sign, number, unit = relative.groups()
        distance = int(number) * SECONDS[unit]
        return now - distance if sign == "-" else now + distance
    for form in FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=ZoneInfo(time_zone)).timestamp()
        except ValueError:
            continue
    return None


def start_of_day(now: float, time_zone: str) -> float:
    local = datetime.fromtimestamp(now, ZoneInfo(time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
