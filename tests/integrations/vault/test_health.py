"""What is neglected is named, without taking anybody out of service."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from integrations.vault import health
from tests.factories import ConnectionFactory, RefreshRunFactory

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def ago(**span: float) -> Any:
    return timezone.now() - timedelta(**span)


def warnings(client: Client) -> dict[str, str]:
    found: dict[str, str] = client.get("/health/work").json()["warnings"]
    return found


def test_all_is_well_where_nothing_is_due(client: Client) -> None:
    ConnectionFactory(due_at=timezone.now() + timedelta(minutes=1))
    answer = client.get("/health/work")
    assert (answer.status_code, answer.json()["status"], answer.json()["warnings"]) == (200, "ok", {})


def test_a_clock_that_stands_still_is_named(client: Client) -> None:
    ConnectionFactory(due_at=ago(minutes=6))
    RefreshRunFactory(started_at=ago(hours=2))
    assert "Beat or worker does not run: 1 refresh is due" in warnings(client)["Clock"]
    assert "2 hours ago" in warnings(client)["Clock"]


def test_one_that_never_ran_is_named_too(client: Client) -> None:
    ConnectionFactory.create_batch(2, due_at=ago(minutes=6))
    assert "2 refreshes are due and nobody looks, there has never been a run" in warnings(client)["Clock"]


@pytest.mark.parametrize("open_for", [None, 6])
def test_a_clock_that_runs_is_not_blamed(client: Client, open_for: float | None) -> None:
    ConnectionFactory(due_at=ago(minutes=6))
    still_open = {"ended_at": None, "started_at": ago(minutes=open_for or 0), "until": ago(minutes=-1)}
    RefreshRunFactory(**(still_open if open_for else {}))
    assert "Clock" not in warnings(client)


def test_a_run_whose_time_is_over_is_no_run(client: Client) -> None:
    ConnectionFactory(due_at=ago(minutes=6))
    RefreshRunFactory(ended_at=None, started_at=ago(hours=1), until=ago(minutes=59))
    assert "Clock" in warnings(client)


def test_the_clock_is_not_blamed_for_a_provider_that_does_not_answer(client: Client) -> None:
    """Those that wait out a failure are not looked at, so there need not be a run."""
    ConnectionFactory(due_at=ago(minutes=8), refresh_after=ago(seconds=10))
    assert warnings(client) == {}


def test_overdue_refreshes_are_named_with_the_most_frequent_reason(client: Client) -> None:
    RefreshRunFactory()
    waiting = {"due_at": ago(minutes=14), "refresh_after": timezone.now() + timedelta(minutes=1)}
    ConnectionFactory.create_batch(2, **waiting, last_error="Jira did not answer.")
    ConnectionFactory(**waiting, last_error="Something else.")
    told = warnings(client)["Refreshes"]
    assert told == "3 refreshes are due, the oldest for 14 minutes. Most often: Jira did not answer."


def test_a_warning_leaves_a_web_process_in_service(client: Client) -> None:
    ConnectionFactory(due_at=ago(minutes=14))
    ready, work = client.get("/health/ready"), client.get("/health/work")
    assert (ready.status_code, work.status_code) == (200, 503)
    assert ready.json() == work.json()
    assert ready.json()["status"] == "degraded"


def test_times_are_told_in_their_largest_unit() -> None:
    spans = {"a moment": 0.2, "1 second": 1.5, "59 minutes": 3599, "1 hour": 3600, "2 days": 180_000}
    assert {words: health.words(timedelta(seconds=seconds)) for words, seconds in spans.items()} == {
        words: words for words in spans
    }
