"""Counting that survives: across processes and machines, and after the rows that were counted are gone.

Ended refreshes are counted when somebody looks, after each run of the clock and before they are pruned (`fold`), each
once: its row is marked in the transaction that adds it. So a renewal itself pays nothing for being counted, and the
counters never go down.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils import timezone

from integrations.models import TokenRefresh, VaultTally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Metric = VaultTally.Metric
Outcome = TokenRefresh.Outcome

#: Upper bounds of the histograms' buckets, in seconds.
BOUNDS: dict[str, tuple[float, ...]] = {
    Metric.ASKED: (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20, 30, 45),
    Metric.KEPT: (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 60),
    Metric.WAITED: (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45),
}
#: Rows that one transaction counts.
BATCH = 2000
#: Hours are told apart for so long; older ones become one.
HOURLY = timedelta(hours=48)
#: The hour that holds everything older.
BEFORE = datetime(1970, 1, 1, tzinfo=UTC)


class Series(NamedTuple):
    """What is counted apart. ``outcome`` and ``ahead`` are told of refreshes only."""

    hour: datetime
    metric: str
    provider: str
    outcome: str = ""
    ahead: bool = False


#: The same as columns.
COLUMNS = ("hour", "metric", "provider", "outcome", "ahead")


@dataclass
class Sample:
    """How often, how long in all, how long at most, and how often below each bound (but above the one before)."""

    count: int = 0
    seconds: float = 0.0
    peak: float = 0.0
    buckets: Counter[str] = field(default_factory=Counter)

    def measure(self, metric: str, seconds: float) -> None:
        """Adds one measured time."""
        bound = next((one for one in BOUNDS[metric] if seconds <= one), None)
        self.count += 1
        self.seconds += seconds
        self.peak = max(self.peak, seconds)
        self.buckets["+Inf" if bound is None else str(bound)] += 1

    def merge(self, other: Sample) -> None:
        """Adds what another one holds."""
        self.count += other.count
        self.seconds += other.seconds
        self.peak = max(self.peak, other.peak)
        self.buckets.update(other.buckets)

    def quantile(self, metric: str, share: float) -> float | None:
        """The time below which this share of the measurements lies, interpolated within its bucket; None without any.

        Above the last bound the longest one is told.
        """
        wanted, seen, low = share * self.count, 0, 0.0
        for bound in BOUNDS[metric]:
            here = self.buckets[str(bound)]
            if here and seen + here >= wanted:
                high = min(float(bound), self.peak)
                return low + (high - low) * (wanted - seen) / here if high > low else high
            seen, low = seen + here, float(bound)
        return self.peak if self.count else None


def add(samples: Mapping[Series, Sample]) -> None:
    """Adds to the stored counts, in one transaction."""
    if not samples:
        return
    with transaction.atomic():
        # Always in the same order, so that two who add at once wait for each other instead of for ever.
        new = [VaultTally(**dict(zip(COLUMNS, series, strict=True))) for series in sorted(samples)]
        VaultTally.objects.bulk_create(new, ignore_conflicts=True)
        stored = VaultTally.objects.select_for_update().order_by(*COLUMNS)
        for row in stored.filter(hour__in={series.hour for series in samples}):
            sample = samples.get(Series(row.hour, row.metric, row.provider, row.outcome, row.ahead))
            if sample is not None:
                _grow(row, sample)


def _grow(row: VaultTally, sample: Sample) -> None:
    whole = _sample(row)
    whole.merge(sample)
    row.count, row.seconds, row.peak, row.buckets = whole.count, whole.seconds, whole.peak, dict(whole.buckets)
    row.save(update_fields=["count", "seconds", "peak", "buckets"])


def _sample(row: VaultTally) -> Sample:
    return Sample(row.count, row.seconds, row.peak, Counter(row.buckets))


def hour_of(moment: datetime) -> datetime:
    """The beginning of the hour."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def fold() -> int:
    """Counts every ended refresh that is not counted yet; how many. Two at once count different rows."""
    done = 0
    while counted := _fold_batch():
        done += counted
    return done


def _fold_batch() -> int:
    with transaction.atomic():
        waiting = TokenRefresh.objects.filter(tallied=False).exclude(outcome=Outcome.STARTED).order_by()
        ids = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
        if not ids:
            return 0
        rows = TokenRefresh.objects.filter(pk__in=ids).order_by()
        columns = ("connection__action__provider", "outcome", "ahead", "started_at", "ended_at", "asked_ms", "kept_ms")
        add(_samples(rows.values_list(*columns)))
        rows.update(tallied=True)
    return len(ids)


def _samples(
    rows: Iterable[tuple[str, str, bool, datetime, datetime | None, int | None, float | None]],
) -> dict[Series, Sample]:
    found: dict[Series, Sample] = {}
    for provider, outcome, ahead, started, ended, asked, kept in rows:
        hour = hour_of(ended or started)
        found.setdefault(Series(hour, Metric.REFRESHES, provider, outcome, ahead), Sample()).count += 1
        for metric, milliseconds in ((Metric.ASKED, asked), (Metric.KEPT, kept)):
            if milliseconds is not None:
                found.setdefault(Series(hour, metric, provider), Sample()).measure(metric, milliseconds / 1000)
    return found


def totals(since: datetime = BEFORE) -> dict[Series, Sample]:
    """What has been counted since then, by series, all hours in one. One query."""
    found: dict[Series, Sample] = {}
    for row in VaultTally.objects.filter(hour__gte=hour_of(since)).order_by():
        key = Series(BEFORE, row.metric, row.provider, row.outcome, row.ahead)
        found.setdefault(key, Sample()).merge(_sample(row))
    return found


def unite(now: datetime | None = None) -> None:
    """Makes one hour of those long past. The counters stay the same."""
    before = hour_of((now or timezone.now()) - HOURLY)
    with transaction.atomic():
        old = VaultTally.objects.filter(hour__gt=BEFORE, hour__lt=before).select_for_update()
        found: dict[Series, Sample] = {}
        for row in old:
            key = Series(BEFORE, row.metric, row.provider, row.outcome, row.ahead)
            found.setdefault(key, Sample()).merge(_sample(row))
        add(found)
        VaultTally.objects.filter(pk__in=[row.pk for row in old]).delete()
