"""The vault at this moment, each part by one query that an index answers. ``actions``: ids to narrow it; None: all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, Min, Q, TextField
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from integrations.models import ClientFault, Connection, RefreshRun, TokenRefresh

from .tally import BOUNDS, Metric, Sample, fold, totals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

State = Connection.State
Outcome = TokenRefresh.Outcome
#: What the plot shows, and what the figures look back on.
AHEAD, BACK = timedelta(hours=1), timedelta(hours=24)
#: How long a connection may be due: so long before its end a token is renewed ahead.
LATE = timedelta(minutes=10)
#: Reasons that are told apart.
REASONS = 5


@dataclass(frozen=True)
class Pending:
    """How many there are, and since when the oldest waits."""

    count: int
    oldest: datetime | None

    @property
    def age(self) -> float:
        """Of the oldest, in seconds; 0 if there is none."""
        return max(0.0, (timezone.now() - self.oldest).total_seconds()) if self.oldest else 0.0


@dataclass(frozen=True)
class HeldBack:
    """Connections that wait before they are tried again, all for the same reason."""

    reason: str
    count: int
    next_at: datetime


@dataclass(frozen=True)
class Clock:
    """The last pass over what was due, and the one that is open, if any."""

    ended: RefreshRun | None
    open: RefreshRun | None

    @property
    def runs(self) -> bool:
        """Whether a pass is under way and still within its time."""
        return self.open is not None and self.open.until > timezone.now()


@dataclass(frozen=True)
class Minute:
    """Tokens that end within one minute: of grants in use, renewed before; and idle ones, which may lapse."""

    at: datetime
    used: int
    idle: int


@dataclass
class Figures:
    """What became of the refreshes of a day."""

    outcomes: Counter[str] = field(default_factory=Counter)
    asked: Sample = field(default_factory=Sample)
    kept: Sample = field(default_factory=Sample)
    waited: Sample = field(default_factory=Sample)


def _connections(actions: Sequence[int] | None) -> QuerySet[Connection]:
    rows = Connection.objects.order_by()
    return rows if actions is None else rows.filter(action_id__in=actions)


def due_rows(actions: Sequence[int] | None = None) -> QuerySet[Connection]:
    """Connections that the clock should have renewed by now."""
    return _connections(actions).filter(due_at__lte=timezone.now(), state=State.CONNECTED)


def by_state(actions: Sequence[int] | None = None) -> dict[str, int]:
    """How many connections are in each state, those without any among them."""
    counted = _connections(actions).values_list("state").annotate(every=Count("*"))
    return dict.fromkeys(State.values, 0) | dict(counted)


def due_now(actions: Sequence[int] | None = None) -> Pending:
    """What is due, and since when the oldest is."""
    found = due_rows(actions).aggregate(count=Count("pk"), oldest=Min("due_at"))
    return Pending(found["count"], found["oldest"])


def nobody_looks_since(moment: datetime) -> int:
    """How many were due then, waited out no failure, and were not tried since."""
    rested = Q(refresh_after=None) | Q(refresh_after__lte=moment)
    return due_rows().filter(rested, due_at__lte=moment).count()


def held_back(actions: Sequence[int] | None = None) -> list[HeldBack]:
    """Why due connections wait before they are tried again, the most frequent reasons first."""
    waiting = due_rows(actions).filter(refresh_after__gt=timezone.now())
    grouped = waiting.values_list("last_error").annotate(count=Count("pk"), next_at=Min("refresh_after"))
    return [HeldBack(*row) for row in grouped.order_by("-count", "last_error")[:REASONS]]


def under_way(actions: Sequence[int] | None = None) -> Pending:
    """Leases: refreshes that are asked for at this moment."""
    rows = TokenRefresh.objects.filter(tallied=False, outcome=Outcome.STARTED).order_by()
    if actions is not None:
        rows = rows.filter(connection__action_id__in=actions)
    found = rows.aggregate(count=Count("pk"), oldest=Min("started_at"))
    return Pending(found["count"], found["oldest"])


def clock() -> Clock:
    """Only one pass is open at a time, so one of the last two has ended, if any has."""
    last = list(RefreshRun.objects.order_by("-id")[:2])
    ended = next((run for run in last if run.ended_at is not None), None)
    return Clock(ended, next((run for run in last if run.ended_at is None), None))


def faults(app: int | None = None) -> list[ClientFault]:
    """Registrations that their providers refuse; those of one App leave out the System card's."""
    rows = ClientFault.objects.select_related("profile__app")
    return list(rows if app is None else rows.filter(profile__app_id=app))


def expiries(actions: Sequence[int] | None = None) -> list[Minute]:
    """Tokens that end within the next hour, minute by minute, the empty ones included."""
    now = timezone.now().replace(second=0, microsecond=0)
    rows = _connections(actions).filter(state=State.CONNECTED, expires_at__gte=now, expires_at__lt=now + AHEAD)
    # The index holds all that is read. As text both databases tell the same minute, and SQLite needs no Python for it.
    by_minute = rows.annotate(minute=Substr(Cast("expires_at", TextField()), 1, 16)).values_list("minute")
    counted = by_minute.annotate(used=Count("due_at", filter=Q(due_at__lte=F("expires_at"))), every=Count("*"))
    found = {minute: (used, every - used) for minute, used, every in counted}
    minutes = [now + timedelta(minutes=minute) for minute in range(int(AHEAD.total_seconds() // 60))]
    return [Minute(at, *found.get(f"{at:%Y-%m-%d %H:%M}", (0, 0))) for at in minutes]


def figures(actions: Sequence[int] | None = None) -> Figures:
    """What became of the refreshes of the last day: of all Apps as it was tallied, of one App as its rows tell."""
    return _figures_of_all() if actions is None else _figures_of(actions)


def _figures_of_all() -> Figures:
    fold()
    found = Figures()
    parts = {Metric.ASKED: found.asked, Metric.KEPT: found.kept, Metric.WAITED: found.waited}
    for series, sample in totals(timezone.now() - BACK).items():
        if series.metric == Metric.REFRESHES:
            found.outcomes[series.outcome] += sample.count
        else:
            parts[Metric(series.metric)].merge(sample)
    return found


def _figures_of(actions: Sequence[int]) -> Figures:
    since = timezone.now() - BACK
    rows = TokenRefresh.objects.filter(started_at__gte=since, connection__action_id__in=actions).order_by()
    below = {
        f"below_{index}": Count("pk", filter=Q(asked_ms__lte=bound * 1000))
        for index, bound in enumerate(BOUNDS[Metric.ASKED])
    }
    grouped = rows.exclude(outcome=Outcome.STARTED).values("outcome")
    found = Figures()
    for row in grouped.annotate(
        all=Count("pk"), asked=Count("asked_ms"), longest=Max("asked_ms"), kept=Max("kept_ms"), **below
    ):
        found.outcomes[row["outcome"]] += row["all"]
        found.kept.peak = max(found.kept.peak, (row["kept"] or 0) / 1000)
        asked = Sample(count=row["asked"], peak=(row["longest"] or 0) / 1000)
        before = 0
        for index, bound in enumerate(BOUNDS[Metric.ASKED]):
            asked.buckets[str(bound)] = row[f"below_{index}"] - before
            before = row[f"below_{index}"]
        found.asked.merge(asked)
    return found
