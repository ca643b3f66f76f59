"""Months of the clock's runs in a moment, a hundred thousand grants at rest, and what is forgotten in time."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import connection as database
from django.db.models import F
from django.utils import timezone

from integrations import jobs
from integrations.flows import due, keeping
from integrations.flows.keeping import pruning, waiting
from integrations.models import Connection, RefreshRun, TokenRefresh
from tests.factories import ActionFactory, ConnectionFactory, EndUserFactory, RefreshRunFactory, TokenRefreshFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integrations.grants import Grants
    from tests.sandbox import Sandbox

#: The run's threads must see the rows.
in_threads = pytest.mark.django_db(transaction=True)
Outcome = TokenRefresh.Outcome
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
#: Every moment that is kept of a connection.
MOMENTS = ("due_at", "expires_at", "refresh_expires_at", "authorized_at", "last_refreshed_at", "last_used_at",
           "sites_looked_at", "refresh_after")  # fmt: skip


def pass_by(time: timedelta, atlassian: Sandbox) -> None:
    """Lets time go by for the product, whose past moves back, and for the provider, whose clock moves on."""
    Connection.objects.update(**{name: F(name) - time for name in MOMENTS})
    atlassian.advance(time.total_seconds())


@in_threads
def test_a_grant_that_nobody_uses_outlives_the_providers_limit_at_one_refresh_in_two_months(
    grants: Grants, atlassian: Sandbox, record_property: Any
) -> None:
    """The provider ends a grant after 90 days without a refresh; hourly refreshes would be 4,800 in 200 days."""
    row = grants.connect()
    days = 200
    for _day in range(days):
        pass_by(DAY, atlassian)
        keeping.keep_alive()
    row.refresh_from_db()
    made, hourly = atlassian.exchanges(), days * 24
    record_property("refreshes_saved", f"{hourly - made} of {hourly}")
    print(f"{days} days idle: {made} refreshes instead of {hourly}, {hourly - made} saved")  # noqa: T201
    assert made == days // 60
    assert row.usable
    assert atlassian.refresh_token(row.refresh_token.reveal())["accepted"]


@in_threads
def test_a_used_grant_is_renewed_before_its_token_ends_and_then_rests(grants: Grants, atlassian: Sandbox) -> None:
    row = grants.connect()
    due.used(row)
    pass_by(timedelta(minutes=49), atlassian)
    assert keeping.keep_alive().renewed == []
    pass_by(timedelta(minutes=2), atlassian)
    assert keeping.keep_alive().renewed == [row.pk]
    pass_by(timedelta(hours=3), atlassian)
    assert keeping.keep_alive().renewed == []


@in_threads
def test_sites_are_looked_for_once_a_day_with_the_token_of_a_renewal(
    grants: Grants, atlassian: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[list[int]] = []
    monkeypatch.setattr(jobs.look_for_sites, "apply_async", lambda args, **_: sent.append(args[0]))
    row = grants.connect()
    for hours, looks in ((1, 0), (24, 1), (1, 1)):
        due.used(Connection.objects.get())
        pass_by(hours * HOUR, atlassian)
        assert jobs.keep_alive() == 1
        assert len(sent) == looks
        if looks:
            jobs.look_for_sites(sent[0])
    assert sent == [[row.pk]]
    assert atlassian.exchanges() == 3
    row.refresh_from_db()
    assert row.sites_looked_at is not None
    assert timezone.now() - row.sites_looked_at > HOUR / 2


@pytest.mark.django_db
def test_a_look_for_sites_never_renews(grants: Grants, atlassian: Sandbox) -> None:
    row = grants.connect()
    Connection.objects.update(expires_at=timezone.now(), sites_looked_at=None)
    atlassian.forget_counts()
    assert jobs.look_for_sites([row.pk]) == 0
    assert atlassian.counts()["requests"] == {}


def copy(model: Connection, first: int, last: int) -> None:
    """Copies of a connection, each with an end user of its own, written by the database itself."""
    numbers = (
        f"SELECT n FROM generate_series({first}, {last}) AS t(n)"
        if database.vendor == "postgresql"
        else f"WITH RECURSIVE t(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM t WHERE n < {last}) SELECT n FROM t"
    )
    with database.cursor() as cursor:
        for table, pk, own in (
            ("xoplatform_enduser", model.end_user_id, {"external_id": "'idle-' || n"}),
            ("integrations_connection", model.pk, {"end_user_id": f"n + {model.end_user_id}"}),
        ):
            own |= {"id": f"n + {pk}"}
            names = [column.name for column in database.introspection.get_table_description(cursor, table)]
            values = ", ".join(own.get(name, f"model.{name}") for name in names)
            source = f"({numbers}) AS numbers, {table} AS model WHERE model.id = {pk}"
            cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {source}")
        cursor.execute("ANALYZE")


@pytest.mark.django_db
def test_a_hundred_thousand_grants_at_rest_cost_a_beat_what_one_costs() -> None:
    """By the work that the database itself counts: steps of its machine, or rows that its plan touched."""
    action = ActionFactory(enabled=True)
    model = ConnectionFactory(action=action, end_user=EndUserFactory(app=action.app), due_at=timezone.now() + 30 * DAY)
    copy(model, 1, 99)
    little = effort()
    copy(model, 100, 99_999)
    assert Connection.objects.count() == 100_000
    assert effort() <= little + 2
    now = timezone.now() - timedelta(seconds=1)
    for row in Connection.objects.order_by("pk")[50_000:50_003]:
        Connection.objects.filter(pk=row.pk).update(due_at=now)
    assert len(waiting.look()) == 3
    assert effort() <= little + 40
    assert "connections_by_due" in plan()


def plan() -> str:
    return str(waiting.in_turn().values_list("pk", "action_id").explain())


def effort() -> int:
    """What the two questions of a beat cost."""
    if database.vendor == "postgresql":
        return _rows_touched()
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    assert database.connection is not None
    database.connection.set_progress_handler(count, 100)
    waiting.due().exists()
    waiting.look()
    database.connection.set_progress_handler(None, 0)
    return steps[0]


def _rows_touched() -> int:
    """Rows that any step of the plan read, of whichever table or index."""
    plan = json.loads(waiting.in_turn().values_list("pk", "action_id").explain(format="json", analyze=True))[0]["Plan"]
    return sum(step["Actual Rows"] + step.get("Rows Removed by Filter", 0) for step in _steps(plan))


def _steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for step in plan.get("Plans", ()):
        yield from _steps(step)


@pytest.mark.django_db
def test_old_records_of_renewals_are_deleted_failures_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH", 3)
    row, now = ConnectionFactory(), timezone.now()
    for days in (1, 6, 8, 29, 31):
        for outcome in (Outcome.RENEWED, Outcome.UNAVAILABLE, Outcome.LOST):
            TokenRefreshFactory(connection=row, outcome=outcome, started_at=now - days * DAY)
        RefreshRunFactory(started_at=now - days * DAY)
    under_way = RefreshRunFactory(started_at=now - 9 * DAY, ended_at=None)
    assert jobs.prune_refreshes() == 3 + 2 + 3
    left = TokenRefresh.objects.values_list("started_at", "outcome")
    assert {(round((now - at) / DAY), outcome) for at, outcome in left} == {
        *((days, Outcome.RENEWED) for days in (1, 6)),
        *((days, outcome) for days in (1, 6, 8, 29) for outcome in (Outcome.UNAVAILABLE, Outcome.LOST)),
    }
    assert RefreshRun.objects.filter(pk=under_way.pk).exists()
    assert jobs.prune_refreshes() == 0


@pytest.mark.django_db
def test_a_record_that_its_killed_process_left_open_is_closed_in_time() -> None:
    row, now = ConnectionFactory(lease_token="held"), timezone.now()
    left, held, fresh = (
        TokenRefreshFactory(connection=row, open=True, lease=lease, started_at=now - timedelta(minutes=minutes))
        for lease, minutes in (("left", 3), ("held", 3), ("fresh", 1))
    )
    assert pruning.settle() == 1
    outcomes = dict(TokenRefresh.objects.values_list("pk", "outcome"))
    assert outcomes == {left.pk: Outcome.ABANDONED, held.pk: Outcome.STARTED, fresh.pk: Outcome.STARTED}


@pytest.mark.django_db
def test_grants_from_before_are_due_as_their_use_says() -> None:
    now = timezone.now()
    renewed, ends = now - HOUR, now - HOUR + 90 * DAY
    usual = {"last_refreshed_at": renewed, "expires_at": now, "refresh_expires_at": ends}
    idle = ConnectionFactory(**usual, last_used_at=now - 3 * DAY)
    used = ConnectionFactory(**usual, last_used_at=now - HOUR / 2)
    lost = ConnectionFactory(**usual, state=Connection.State.NEEDS_AUTHORIZATION)
    token = ConnectionFactory(**usual, kind=Connection.Kind.BASIC)
    import_module("integrations.migrations.0002_vault").say_when_they_are_due(apps, None)
    moments = Connection.objects.in_bulk()
    assert moments[idle.pk].due_at == renewed + 60 * DAY
    assert moments[used.pk].due_at == now - timedelta(minutes=10)
    assert moments[lost.pk].due_at is None
    assert moments[token.pk].due_at is None
