"""Counters that never go down, whatever becomes of what they counted."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from integrations import metrics
from integrations.flows import keeping
from integrations.models import TokenRefresh, VaultTally
from integrations.vault import tally
from integrations.vault.tally import Metric, Outcome, Sample
from tests.factories import ConnectionFactory, TokenRefreshFactory

if TYPE_CHECKING:
    from django.test import Client


def refreshes(outcome: str) -> int:
    """How many refreshes with this outcome the tally holds."""
    return sum(sample.count for series, sample in tally.totals().items() if series.outcome == outcome)


def measured(metric: str) -> Sample:
    found = [sample for series, sample in tally.totals().items() if series.metric == metric]
    return found[0] if found else Sample()


@pytest.mark.django_db
def test_each_ended_refresh_is_counted_once() -> None:
    TokenRefreshFactory.create_batch(3)
    TokenRefreshFactory(outcome=Outcome.UNAVAILABLE, kept_ms=None)
    TokenRefreshFactory(open=True)
    assert tally.fold() == 4
    assert tally.fold() == 0
    assert refreshes(Outcome.RENEWED) == 3
    assert refreshes(Outcome.UNAVAILABLE) == 1
    assert refreshes(Outcome.STARTED) == 0


@pytest.mark.django_db
def test_one_under_way_is_counted_when_it_has_ended() -> None:
    row = TokenRefreshFactory(open=True)
    tally.fold()
    TokenRefresh.objects.filter(pk=row.pk).update(outcome=Outcome.LOST, ended_at=timezone.now())
    tally.fold()
    assert refreshes(Outcome.LOST) == 1


@pytest.mark.django_db
def test_a_deleted_connection_takes_nothing_from_the_counters() -> None:
    row = TokenRefreshFactory()
    tally.fold()
    row.connection.delete()
    assert not TokenRefresh.objects.exists()
    assert refreshes(Outcome.RENEWED) == 1


@pytest.mark.django_db
def test_more_than_one_batch_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "BATCH", 2)
    TokenRefreshFactory.create_batch(5, connection=ConnectionFactory())
    assert tally.fold() == 5
    assert refreshes(Outcome.RENEWED) == 5


@pytest.mark.django_db
def test_times_fall_into_their_buckets() -> None:
    for asked in (90, 100, 300, 60_000):
        TokenRefreshFactory(asked_ms=asked)
    tally.fold()
    sample = measured(Metric.ASKED)
    assert dict(sample.buckets) == {"0.1": 2, "0.5": 1, "+Inf": 1}
    assert (sample.count, sample.peak) == (4, 60.0)
    assert sample.seconds == pytest.approx(60.49)


def test_a_quantile_is_told_within_its_bucket() -> None:
    sample = Sample()
    for _ in range(98):
        sample.measure(Metric.ASKED, 0.2)
    for _ in range(2):
        sample.measure(Metric.ASKED, 100)
    median, last = sample.quantile(Metric.ASKED, 0.5), sample.quantile(Metric.ASKED, 0.99)
    assert median is not None
    assert 0.1 < median <= 0.25
    assert last == 100
    assert Sample().quantile(Metric.ASKED, 0.5) is None


@pytest.mark.django_db
def test_old_hours_are_united_without_a_change_in_the_counters() -> None:
    now = timezone.now()
    for days in (100, 20, 3, 0):
        TokenRefreshFactory(started_at=now - timedelta(days=days))
    tally.fold()
    before = tally.totals()
    tally.unite(now)
    tally.unite(now)
    assert tally.totals() == before
    assert VaultTally.objects.values("hour").distinct().count() == 2


@pytest.mark.django_db
def test_what_is_pruned_was_counted_before() -> None:
    TokenRefreshFactory(started_at=timezone.now() - timedelta(days=100))
    TokenRefreshFactory(open=True, started_at=timezone.now() - timedelta(days=100))
    assert keeping.prune() == 1
    assert refreshes(Outcome.RENEWED) == 1


@pytest.mark.django_db
def test_a_wait_is_stored_when_the_request_has_ended(client: Client) -> None:
    metrics.waited("jira", 0.2)
    metrics.waited("jira", 3.0)
    assert measured(Metric.WAITED).count == 0
    client.get("/health/live")
    assert (measured(Metric.WAITED).count, measured(Metric.WAITED).seconds) == (2, 3.2)


@pytest.mark.django_db
def test_waits_outlive_a_database_that_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_samples: object) -> None:
        raise DatabaseError("gone")

    metrics.waited("jira", 1.0)
    with monkeypatch.context() as patched:
        patched.setattr(metrics, "add", away)
        metrics.store_waits()
    metrics.store_waits()
    assert measured(Metric.WAITED).count == 1


@pytest.mark.django_db(transaction=True)
def test_many_threads_that_wait_and_store_lose_nothing() -> None:
    def caller() -> None:
        for _ in range(10):
            metrics.waited("jira", 0.1)
            metrics.store_waits()
        connection.close()

    threads = [threading.Thread(target=caller) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert measured(Metric.WAITED).count == 80


@pytest.mark.django_db(transaction=True)
def test_two_who_count_at_once_count_each_refresh_once() -> None:
    TokenRefreshFactory.create_batch(40, connection=ConnectionFactory())
    counted = []

    def count() -> None:
        counted.append(tally.fold())
        connection.close()

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counted) == 40
    assert refreshes(Outcome.RENEWED) == 40
