"""What a scraper reads: right across processes, since all of it comes from the database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from integrations import metrics
from integrations.models import Connection
from integrations.vault import figures
from tests.factories import ClientFaultFactory, ConnectionFactory, RefreshRunFactory, TokenRefreshFactory
from xoplatform.models import EncryptionKey, SecretRotation

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scraper(settings: Any) -> Client:
    settings.XO_METRICS_TOKEN = "scraper"
    return Client(headers={"Authorization": "Bearer scraper"})


def read(scraper: Client) -> dict[tuple[str, ...], float]:
    """Every figure of ours by its name and its labels' values, in the order of the labels' names."""
    text = scraper.get("/metrics").content.decode()
    return {
        (sample.name, *(value for _label, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("xo_")
    }


def test_refreshes_are_told_by_provider_outcome_and_who_asked(scraper: Client) -> None:
    TokenRefreshFactory.create_batch(2, ahead=True)
    TokenRefreshFactory(outcome="unavailable", kept_ms=None, asked_ms=20_000)
    found = read(scraper)
    assert found["xo_token_refreshes_total", "clock", "renewed", "jira"] == 2
    assert found["xo_token_refreshes_total", "caller", "unavailable", "jira"] == 1
    assert found["xo_token_refreshes_total", "clock", "lost", "jira"] == 0


def test_counters_stay_where_they_are_when_connections_go(scraper: Client) -> None:
    TokenRefreshFactory()
    before = read(scraper)
    Connection.objects.all().delete()
    after = read(scraper)
    counters = [key for key in before if key[0].endswith(("_total", "_count", "_sum", "_bucket"))]
    assert {key: after[key] for key in counters} == {key: before[key] for key in counters}


def test_latency_and_commit_window_are_histograms(scraper: Client) -> None:
    TokenRefreshFactory(asked_ms=300, kept_ms=3)
    TokenRefreshFactory(asked_ms=13_000, kept_ms=7)
    found = read(scraper)
    assert found["xo_token_endpoint_seconds_bucket", "0.25", "jira"] == 0
    assert found["xo_token_endpoint_seconds_bucket", "0.5", "jira"] == 1
    assert found["xo_token_endpoint_seconds_bucket", "+Inf", "jira"] == 2
    assert found["xo_token_endpoint_seconds_sum", "jira"] == pytest.approx(13.3)
    assert found["xo_token_commit_seconds_bucket", "0.005", "jira"] == 1


def test_waits_are_told_with_their_number_and_seconds(scraper: Client) -> None:
    metrics.waited("jira", 0.2)
    metrics.waited("jira", 1.3)
    metrics.store_waits()
    found = read(scraper)
    assert found["xo_lease_wait_seconds_count", "jira"] == 2
    assert found["xo_lease_wait_seconds_sum", "jira"] == pytest.approx(1.5)


def test_what_is_due_is_told_with_the_age_of_the_oldest(scraper: Client) -> None:
    now = timezone.now()
    ConnectionFactory(due_at=now - timedelta(minutes=10))
    ConnectionFactory(due_at=now - timedelta(minutes=1))
    ConnectionFactory(due_at=now + timedelta(minutes=1))
    ConnectionFactory(due_at=now - timedelta(hours=1), state=Connection.State.NEEDS_AUTHORIZATION)
    found = read(scraper)
    assert found["xo_refresh_due",] == 2
    assert found["xo_refresh_oldest_due_age_seconds",] == pytest.approx(600, abs=5)
    assert found["xo_connections", "connected"] == 3
    assert found["xo_connections", "needs_authorization"] == 1
    assert found["xo_connections", "choosing_site"] == 0


def test_leases_faults_and_the_clock_are_told(scraper: Client) -> None:
    TokenRefreshFactory(open=True, started_at=timezone.now() - timedelta(seconds=30))
    ClientFaultFactory()
    run = RefreshRunFactory()
    found = read(scraper)
    assert (found["xo_leases_held",], found["xo_client_faults", "jira"]) == (1, 1)
    assert found["xo_lease_oldest_age_seconds",] == pytest.approx(30, abs=5)
    assert found["xo_refresh_run_last_end_timestamp_seconds",] == pytest.approx(run.ended_at.timestamp())


def test_a_missing_key_and_an_open_rotation_are_told(scraper: Client) -> None:
    EncryptionKey.objects.create(fingerprint="f" * 64)
    SecretRotation.objects.create(fingerprint="a" * 64, column="integrations.Connection.access_token", done=7)
    found = read(scraper)
    assert found["xo_encryption_keys_missing",] == 1
    assert found["xo_secret_rotation_rewritten", "integrations.Connection.access_token"] == 7


def test_more_rows_need_no_more_queries(scraper: Client, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    TokenRefreshFactory.create_batch(30)
    scraper.get("/metrics")
    with django_assert_max_num_queries(12):
        scraper.get("/metrics")


def test_no_label_names_a_person_or_holds_a_secret(scraper: Client) -> None:
    TokenRefreshFactory(reason="Ada Example hidden-access", connection__account_name="Ada Example")
    ClientFaultFactory(words="hidden-client-secret")
    text = scraper.get("/metrics").content.decode()
    assert not [secret for secret in ("hidden-", "Ada", "account-ada", "lease-") if secret in text]


def test_a_database_that_is_away_is_a_figure_itself(scraper: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> int:
        raise DatabaseError("gone")

    monkeypatch.setattr(figures, "fold", away)
    found = read(scraper)
    assert found["xo_figures_readable",] == 0
    assert "xo_refresh_due" in {key[0] for key in found}
