"""Who may renew, and what becomes of those who may not."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from integrations.flows.grants import end_grant, lose_grant
from integrations.flows.refresh import access_token, leases, owners, renewal
from integrations.models import Action, Connection, TokenRefresh
from integrations.oauth import NoAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tests.integrations.grants import Grants
    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db

Outcome = TokenRefresh.Outcome


@pytest.fixture
def row(grants: Grants) -> Connection:
    """A real grant of an enabled action whose token has just ended."""
    row = grants.connect()
    Action.objects.update(status=Action.Status.ENABLED)
    Connection.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    return read(row.pk)


@pytest.fixture
def dead() -> str:
    """The name of a process of this machine that has ended."""
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        os.write(tell, owners.me().encode())
        os._exit(0)
    os.close(tell)
    os.waitpid(child, 0)
    with os.fdopen(told) as name:
        return name.read()


def read(pk: int) -> Connection:
    return Connection.objects.select_related("action__app", "action__profile").get(pk=pk)


def claim(row: Connection) -> leases.Lease:
    lease = leases.claim(row)
    assert lease is not None
    return lease


def test_the_intent_is_written_before_the_provider_is_asked(row: Connection) -> None:
    lease = claim(row)
    intent = TokenRefresh.objects.get()
    assert (intent.outcome, intent.generation, intent.lease) == (Outcome.STARTED, 1, lease.token)
    assert intent.owner == owners.me()


def test_a_renewal_that_went_well_leaves_its_figures(row: Connection) -> None:
    renewal.renew(claim(row))
    intent = TokenRefresh.objects.get()
    assert (intent.outcome, intent.requests) == (Outcome.RENEWED, 1)
    assert intent.kept_ms is not None
    assert intent.ended_at is not None


def test_the_lease_is_given_once(row: Connection) -> None:
    claim(row)
    assert leases.claim(row) is None, "as it was read before"
    assert leases.claim(read(row.pk)) is None, "as it is now"


def test_who_read_an_older_generation_cannot_take_it(row: Connection) -> None:
    renewal.renew(claim(row))
    assert leases.claim(row) is None


def test_a_lease_that_is_over_can_be_taken(row: Connection) -> None:
    first = claim(row)
    Connection.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    claim(read(row.pk))
    assert TokenRefresh.objects.get(lease=first.token).outcome == Outcome.ABANDONED


def test_the_lease_of_a_dead_process_of_this_machine_is_taken_at_once(row: Connection, dead: str) -> None:
    first = claim(row)
    TokenRefresh.objects.update(owner=dead)
    assert renewal.renew(claim(read(row.pk))) is Outcome.RENEWED
    assert TokenRefresh.objects.get(lease=first.token).outcome == Outcome.ABANDONED


def test_a_waiting_caller_finds_the_process_dead_and_goes_on(row: Connection, dead: str, atlassian: Sandbox) -> None:
    claim(row)
    TokenRefresh.objects.update(owner=dead)
    assert access_token(row.pk, budget=3).generation == 2
    assert atlassian.exchanges() == 1


def test_of_a_process_on_another_machine_nothing_is_assumed(row: Connection, dead: str) -> None:
    claim(row)
    TokenRefresh.objects.update(owner=dead.replace(dead.partition("/")[0], "elsewhere"))
    assert leases.claim(read(row.pk)) is None


def test_a_process_that_took_over_the_number_of_a_dead_one_is_not_mistaken_for_it() -> None:
    machine, number, start = owners.me().split("/")
    assert not owners.is_dead(f"{machine}/{number}/{start}")
    assert owners.is_dead(f"{machine}/{number}/{int(start) - 1}")
    assert not owners.is_dead("nonsense")


def test_a_child_process_is_somebody_else() -> None:
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writes, owners.me().encode())
        os._exit(0)
    os.waitpid(child, 0)
    name = os.read(reads, 1000).decode()
    assert name != owners.me()
    assert owners.is_dead(name)


def test_a_late_answer_is_dropped_when_somebody_took_the_lease_over(row: Connection) -> None:
    late = claim(row)
    answer = renewal.ask(late)
    Connection.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    renewal.renew(claim(read(row.pk)))
    kept = Connection.objects.get()
    assert renewal.keep(late, answer) is Outcome.SUPERSEDED
    assert Connection.objects.get().access_token.reveal() == kept.access_token.reveal()


def test_an_answer_that_comes_after_the_lease_is_kept_while_nobody_took_it_over(row: Connection) -> None:
    lease = claim(row)
    Connection.objects.update(lease_until=timezone.now() - timedelta(minutes=5))
    assert renewal.renew(lease) is Outcome.RENEWED


def test_a_renewal_under_way_loses_to_a_new_consent(grants: Grants, row: Connection) -> None:
    lease = claim(row)
    again = grants.connect(row.action)
    assert renewal.renew(lease) is Outcome.SUPERSEDED
    kept = Connection.objects.get()
    assert kept.access_token.reveal() == again.access_token.reveal()
    assert kept.generation == 2


def test_a_refusal_that_comes_after_a_new_consent_ends_nothing(
    grants: Grants, row: Connection, atlassian: Sandbox
) -> None:
    lease = claim(row)
    atlassian.revoke()
    answer = renewal.ask(lease)
    grants.connect(row.action)
    assert renewal.keep(lease, answer) is Outcome.SUPERSEDED
    assert Connection.objects.get().usable


def test_a_call_that_was_refused_ends_nothing_while_somebody_renews(row: Connection) -> None:
    claim(row)
    assert not lose_grant(row, "refused")
    assert Connection.objects.get().usable


def test_a_decision_of_the_staff_ends_a_grant_whatever_is_under_way(row: Connection) -> None:
    lease = claim(row)
    assert end_grant(row, "The profile was changed.")
    assert renewal.renew(lease) is Outcome.SUPERSEDED
    stored = Connection.objects.get()
    assert stored.state == Connection.State.NEEDS_AUTHORIZATION
    assert stored.due_at is None


def test_a_grant_that_waits_for_its_site_can_be_lost_too(row: Connection, atlassian: Sandbox) -> None:
    Connection.objects.update(state=Connection.State.CHOOSING_SITE)
    atlassian.revoke()
    assert renewal.renew(claim(read(row.pk))) is Outcome.LOST
    assert Connection.objects.get().state == Connection.State.NEEDS_AUTHORIZATION


def test_a_renewal_that_breaks_off_gives_the_lease_back(row: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Any) -> renewal.Answer:
        raise MemoryError

    monkeypatch.setattr(renewal, "ask", broken)
    with pytest.raises(MemoryError):
        renewal.renew(claim(row))
    assert leases.claim(read(row.pk)) is not None


def test_a_lost_answer_is_asked_for_again_with_the_same_token_but_a_busy_provider_is_not(
    row: Connection, atlassian: Sandbox
) -> None:
    atlassian.fault("cut_after", on="token")
    assert renewal.ask(claim(row)).requests == 2
    Connection.objects.update(lease_token="", lease_until=None)
    atlassian.fault("unavailable", on="token")
    answer = renewal.ask(claim(read(row.pk)))
    assert isinstance(answer.trouble, NoAnswer)
    assert answer.requests == 1


@pytest.fixture
def gone() -> Iterator[list[int]]:
    """The database refuses this many writes of tokens."""
    left = [0]

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if left[0] and sql.startswith("UPDATE") and "access_token" in sql:
            left[0] -= 1
            raise OperationalError("the database is gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield left


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_kept_in_hand_while_the_database_is_gone(
    row: Connection, gone: list[int], atlassian: Sandbox
) -> None:
    lease = claim(row)
    gone[0] = 3
    assert renewal.renew(lease) is Outcome.RENEWED
    assert gone == [0]
    assert Connection.objects.get().generation == 2
    assert atlassian.exchanges() == 1
