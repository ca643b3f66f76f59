"""The vault's figures for Prometheus (docs/guide/vault.md tells what each means). No label names a person or a row."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from django.db.models import Count
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from integrations.catalog import registry
from integrations.models import ClientFault
from xoplatform.core.keyring import EncryptionKeyInvalid
from xoplatform.encryption import keys
from xoplatform.metrics import figures
from xoplatform.models import SecretRotation

from . import state
from .tally import BOUNDS, Outcome, Sample, fold, totals
from .tally import Metric as Counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prometheus_client import Metric

    from .tally import Series

#: By whom a refresh was made.
BY = {True: "clock", False: "caller"}
HISTOGRAMS = {
    Counted.ASKED: ("xo_token_endpoint_seconds", "Until the token endpoint had answered, repeated requests included."),
    Counted.KEPT: ("xo_token_commit_seconds", "From the token endpoint's answer until it was committed."),
    Counted.WAITED: ("xo_lease_wait_seconds", "How long a caller waited for somebody else's renewal."),
}


@figures
def counted() -> Iterable[Metric]:
    """What only grows: refreshes and waits, counted over all processes."""
    fold()
    found = totals()
    yield _refreshes(found)
    for metric, (name, words) in HISTOGRAMS.items():
        family = HistogramMetricFamily(name, words, labels=["provider"])
        for series, sample in found.items():
            if series.metric == metric:
                family.add_metric([series.provider], list(_cumulated(metric, sample)), sample.seconds)
        yield family


def _refreshes(found: dict[Series, Sample]) -> Metric:
    """Every series from the start, with 0: what appears with its first count has no increase to alert on."""
    ended = [outcome for outcome in Outcome.values if outcome != Outcome.STARTED]
    counts = {(name, one, by): 0 for name in registry.providers() for one in ended for by in BY.values()}
    for series, sample in found.items():
        if series.metric == Counted.REFRESHES:
            counts[series.provider, series.outcome, BY[series.ahead]] = sample.count
    words = "Refreshes that ended, by outcome and by whether the clock or a caller asked."
    family = CounterMetricFamily("xo_token_refreshes", words, labels=["provider", "outcome", "by"])
    for labels, count in sorted(counts.items()):
        family.add_metric(labels, count)
    return family


def _cumulated(metric: str, sample: Sample) -> Iterator[tuple[str, int]]:
    seen = 0
    for bound in BOUNDS[metric]:
        seen += sample.buckets[str(bound)]
        yield str(float(bound)), seen
    yield "+Inf", sample.count


@figures
def at_this_moment() -> Iterable[Metric]:
    """What is read as it is now."""
    due, leases, clock = state.due_now(), state.under_way(), state.clock()
    yield _gauge("xo_refresh_due", "Connections that should have been renewed by now.", due.count)
    yield _gauge("xo_refresh_oldest_due_age_seconds", "For how long the oldest of them has been due.", due.age)
    yield _gauge("xo_leases_held", "Renewals under way.", leases.count)
    yield _gauge("xo_lease_oldest_age_seconds", "For how long the oldest of them has been under way.", leases.age)
    ended = clock.ended.ended_at.timestamp() if clock.ended and clock.ended.ended_at else 0
    yield _gauge("xo_refresh_run_last_end_timestamp_seconds", "When the clock's last pass ended; 0: never.", ended)
    yield _labelled("xo_connections", "Connections by state.", "state", state.by_state())
    faults = dict.fromkeys(registry.providers(), 0)
    faults |= dict(ClientFault.objects.order_by().values_list("provider").annotate(Count("pk")))
    yield _labelled("xo_client_faults", "Registrations that their provider refuses.", "provider", faults)


@figures
def of_keys() -> Iterable[Metric]:
    """Encryption keys and how far a rotation is."""
    with contextlib.suppress(EncryptionKeyInvalid):  # then more is wrong than a missing key, and /health/ready says so
        lost = len(keys.lost())
        yield _gauge("xo_encryption_keys_missing", "Keys that stored secrets may need and this process lacks.", lost)
    rotations = list(SecretRotation.objects.filter(ended_at=None))
    rewritten = {row.column: row.done for row in rotations}
    yield _labelled("xo_secret_rotation_rewritten", "Values re-encrypted by open rotations.", "column", rewritten)
    unreadable = {row.column: row.unreadable for row in SecretRotation.objects.all()}
    yield _labelled("xo_secrets_unreadable", "Values that no key could read.", "column", unreadable)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _labelled(name: str, words: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family
