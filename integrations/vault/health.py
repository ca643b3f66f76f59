"""Duties of the installation that no single process can answer for."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from django.utils import timezone
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable

from xoplatform.health import duty

from . import state

#: How long connections may be due while no pass over them ends.
SILENCE = timedelta(minutes=5)


@duty
@dataclasses.dataclass
class Clock(HealthCheck):  # type: ignore[misc]  # ships no types
    """What is due is renewed ahead of time."""

    def run(self) -> None:
        now = timezone.now()
        clock = state.clock()
        last = clock.ended.ended_at if clock.ended else None
        if clock.runs or (last is not None and now - last < SILENCE):
            return
        left = state.nobody_looks_since(now - SILENCE)
        if not left:
            return
        ago = f"the last run ended {words(now - last)} ago" if last else "there has never been a run"
        raise ServiceUnavailable(
            f"Beat or worker does not run: {many(left)} due and nobody looks, {ago}. A token that is used is still "
            "renewed then, but grants that nobody uses will end. Start `celery beat` and `celery worker`."
        )


@duty
@dataclasses.dataclass
class Refreshes(HealthCheck):  # type: ignore[misc]
    """Refreshes are made on time."""

    def run(self) -> None:
        due = state.due_now()
        if due.age <= state.LATE.total_seconds():
            return
        told = f"{many(due.count)} due, the oldest for {words(timedelta(seconds=due.age))}."
        reasons = state.held_back()
        why = f" Most often: {reasons[0].reason}" if reasons and reasons[0].reason else " See the page Token vault."
        raise ServiceUnavailable(told + why)


def many(count: int) -> str:
    """Such as "1 refresh is", "12 refreshes are"."""
    return "1 refresh is" if count == 1 else f"{count:,} refreshes are"


def words(span: timedelta) -> str:
    """A time span in its largest whole unit."""
    seconds = span.total_seconds()
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}{'s' if count > 1 else ''}"
    return "a moment"
