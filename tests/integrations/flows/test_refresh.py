from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection as database
from django.utils import timezone

from integrations import errors
from integrations.flows.grants import lose_grant
from integrations.flows.refresh import MARGIN, access, access_token, finish, leases, renewal
from integrations.flows.refresh.times import PATIENCE
from integrations.models import Action, ClientFault, Connection
from xoplatform.core.fields import sealed

if TYPE_CHECKING:
    from django.conf import LazySettings

    from tests.integrations.grants import Grants
    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(grants: Grants) -> Connection:
    """A real grant of an enabled action whose token has just ended."""
    row = grants.connect()
    Action.objects.update(status=Action.Status.ENABLED)
    expire()
    return row


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Callers hear of a failure soon, for tests that are about what they hear."""
    monkeypatch.setattr(access, "PATIENCE", 0.1)


def expire() -> None:
    ends_in(-1)


def ends_in(seconds: float) -> None:
    """The token was given an hour before it ends, and that is in so many seconds."""
    end = timezone.now() + timedelta(seconds=seconds)
    Connection.objects.update(expires_at=end, authorized_at=end - timedelta(hours=1))


def rested() -> None:
    """The failure of a moment ago has been waited out."""
    Connection.objects.update(refresh_after=timezone.now() - timedelta(seconds=1))
    ClientFault.objects.update(retry_at=timezone.now() - timedelta(seconds=1))


def read(pk: int) -> Connection:
    return Connection.objects.select_related("action__app", "action__profile").get(pk=pk)


def test_a_token_that_lives_is_given_without_asking_anybody(grants: Grants) -> None:
    row = grants.connect()
    grants.sandbox.forget_counts()
    token = access_token(row.pk)
    assert token.value.reveal() == row.access_token.reveal()
    assert grants.sandbox.counts()["requests"] == {}


def test_an_ended_token_is_renewed_and_both_tokens_are_kept(row: Connection, atlassian: Sandbox) -> None:
    token = access_token(row.pk)
    stored = Connection.objects.get()
    assert token.generation == stored.generation == 2
    assert token.value.reveal() == stored.access_token.reveal() != row.access_token.reveal()
    assert stored.refresh_token.reveal() != row.refresh_token.reveal()
    assert stored.expires_at is not None
    assert stored.expires_at > timezone.now() + timedelta(minutes=59)
    assert (stored.lease_token, stored.lease_until, stored.last_error) == ("", None, "")
    assert atlassian.exchanges() == 1


@pytest.mark.parametrize("left", [1, 61, MARGIN - 1])
def test_a_token_is_renewed_well_before_it_ends(row: Connection, left: float) -> None:
    ends_in(left)
    assert access_token(row.pk).generation == 2


def test_a_clock_that_is_a_minute_slow_never_hands_out_an_ended_token(
    row: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends_in(-1)
    late = timezone.now() - timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert access_token(row.pk).generation == 2


def test_the_stored_expiry_counts_from_before_the_request_left(row: Connection, atlassian: Sandbox) -> None:
    atlassian.fault("delay", on="token", seconds=0.3)
    before = timezone.now()
    token = access_token(row.pk)
    assert token.expires_at is not None
    assert token.expires_at < before + timedelta(hours=1, seconds=0.3)


def test_a_token_refused_by_the_provider_is_renewed_although_it_should_live(grants: Grants) -> None:
    row = grants.connect()
    assert access_token(row.pk, rejected=1).generation == 2


@pytest.mark.usefixtures("impatient")
def test_a_token_refused_by_the_provider_is_given_to_nobody_while_it_cannot_be_renewed(
    grants: Grants, atlassian: Sandbox
) -> None:
    row = grants.connect()
    atlassian.fault("error", on="token", times=None, status=502)
    for rejected in (1, None):
        with pytest.raises(errors.ProviderUnavailable):
            access_token(row.pk, rejected=rejected)


@pytest.mark.usefixtures("impatient")
def test_who_only_wants_a_newer_token_spoils_the_old_one_for_nobody(grants: Grants, atlassian: Sandbox) -> None:
    row = grants.connect()
    atlassian.fault("error", on="token", times=None, status=502)
    with pytest.raises(errors.ProviderUnavailable):
        access_token(row.pk, newer_than=1)
    assert access_token(row.pk).generation == 1


def test_a_token_refused_before_somebody_renewed_it_is_not_renewed_again(row: Connection, atlassian: Sandbox) -> None:
    access_token(row.pk)
    assert access_token(row.pk, rejected=1).generation == 2
    assert atlassian.exchanges() == 1


def test_a_revoked_grant_puts_connection_and_action_in_error(row: Connection, atlassian: Sandbox) -> None:
    atlassian.revoke()
    with pytest.raises(errors.GrantLost, match="authorized again"):
        access_token(row.pk)
    row.refresh_from_db()
    assert row.state == Connection.State.NEEDS_AUTHORIZATION
    assert "the password was changed" in row.last_error
    assert "refresh_token" not in row.last_error  # the provider's words are for programmers
    action = Action.objects.get()
    assert action.status == Action.Status.ERROR
    assert "Ada" in action.error_reason


def test_a_grant_that_cannot_be_renewed_is_used_to_its_end_and_then_marked(row: Connection) -> None:
    Connection.objects.update(**sealed(row, refresh_token=""))
    ends_in(30)
    assert access_token(row.pk).generation == row.generation
    expire()
    with pytest.raises(errors.GrantLost):
        access_token(row.pk)
    row.refresh_from_db()
    assert row.state == Connection.State.NEEDS_AUTHORIZATION


def test_a_lost_grant_is_not_asked_for_again(row: Connection, atlassian: Sandbox) -> None:
    atlassian.revoke()
    for _ in range(3):
        with pytest.raises(errors.GrantLost):
            access_token(row.pk)
    assert atlassian.counts()["requests"]["token.refresh"] == 1


def test_a_wrong_client_secret_costs_no_grant(row: Connection, settings: LazySettings) -> None:
    settings.XO_JIRA_CLIENT_SECRET = "wrong"
    with pytest.raises(errors.ClientRefused, match="XO_JIRA_CLIENT_SECRET"):
        access_token(row.pk)
    row.refresh_from_db()
    assert row.usable
    settings.XO_JIRA_CLIENT_SECRET = "sandbox-secret"
    assert access_token(row.pk).generation == 2


def test_another_client_is_never_offered_somebody_elses_refresh_token(
    row: Connection, settings: LazySettings, atlassian: Sandbox
) -> None:
    atlassian.forget_counts()
    settings.XO_JIRA_CLIENT_ID = "another"
    with pytest.raises(errors.GrantLost):
        access_token(row.pk)
    assert atlassian.counts()["requests"] == {}


@pytest.mark.parametrize("profile", ["leeway"])
def test_an_answer_that_was_lost_is_asked_for_again_at_once(row: Connection, atlassian: Sandbox, profile: str) -> None:
    atlassian.switch(profile=profile)
    atlassian.fault("cut_after", on="token")
    assert access_token(row.pk).generation == 2


@pytest.mark.parametrize("kind", ["half", "not_json"])
def test_an_answer_that_cannot_be_read_is_asked_for_again_at_once(
    row: Connection, atlassian: Sandbox, kind: str
) -> None:
    atlassian.fault(kind, on="token")
    assert access_token(row.pk).generation == 2


def test_an_answer_without_a_refresh_token_keeps_the_old_one_and_says_so(
    row: Connection, atlassian: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    atlassian.fault("no_refresh_token", on="token")
    access_token(row.pk)
    assert Connection.objects.get().refresh_token.reveal() == row.refresh_token.reveal()
    assert "no new refresh token" in caplog.text


def test_an_outage_costs_no_grant_and_is_told_after_three_seconds_at_most(row: Connection, atlassian: Sandbox) -> None:
    atlassian.fault("error", on="token", times=None, status=502)
    began = time.monotonic()
    with pytest.raises(errors.ProviderUnavailable, match="status 502"):
        access_token(row.pk)
    assert time.monotonic() - began < PATIENCE + 1
    assert Connection.objects.get().usable


def test_a_second_of_outage_costs_a_caller_three_seconds_at_most(row: Connection, atlassian: Sandbox) -> None:
    atlassian.fault("error", on="token", times=None, status=502)
    threading.Timer(1.0, atlassian.lift_faults).start()
    began = time.monotonic()
    assert access_token(row.pk).generation == 2
    assert 1.0 < time.monotonic() - began < 3.0


def test_while_a_failure_is_waited_out_nobody_asks(row: Connection, atlassian: Sandbox) -> None:
    Connection.objects.update(refresh_after=timezone.now() + timedelta(minutes=1))
    atlassian.forget_counts()
    with pytest.raises(errors.ProviderUnavailable):
        access_token(row.pk)
    assert atlassian.counts()["requests"] == {}


def test_failures_are_tried_again_ever_more_rarely(row: Connection, atlassian: Sandbox) -> None:
    atlassian.fault("error", on="token", times=None, status=502)
    waits = []
    for _ in range(9):
        lease = leases.claim(read(row.pk))
        assert lease is not None
        renewal.renew(lease)
        after = Connection.objects.get().refresh_after
        assert after is not None
        waits.append((after - timezone.now()).total_seconds())
        rested()
    assert 0.2 < waits[0] < 0.7
    assert 40 < waits[-1] < 80


def test_the_provider_says_when_to_come_again(row: Connection, atlassian: Sandbox) -> None:
    atlassian.fault("rate_limited", on="token", retry_after=120)
    with pytest.raises(errors.ProviderUnavailable):
        access_token(row.pk)
    after = Connection.objects.get().refresh_after
    assert after is not None
    assert after > timezone.now() + timedelta(seconds=110)
    assert atlassian.counts()["requests"]["token.refresh"] == 1, "too many requests are not answered with another one"


@pytest.mark.usefixtures("impatient")
def test_during_an_outage_a_token_that_still_lives_is_used(row: Connection, atlassian: Sandbox) -> None:
    ends_in(50)
    atlassian.fault("error", on="token", times=2, status=502)
    assert access_token(row.pk).generation == 1


def test_while_our_client_is_refused_a_token_that_still_lives_is_used(row: Connection, settings: LazySettings) -> None:
    ends_in(50)
    settings.XO_JIRA_CLIENT_SECRET = "wrong"
    assert access_token(row.pk).generation == 1


def test_a_refused_client_is_asked_with_once_for_all_its_connections(
    grants: Grants, row: Connection, settings: LazySettings, atlassian: Sandbox
) -> None:
    other = grants.connect()
    expire()
    atlassian.forget_counts()
    settings.XO_JIRA_CLIENT_SECRET = "wrong"
    for pk in (row.pk, other.pk, row.pk):
        with pytest.raises(errors.ClientRefused):
            access_token(pk)
    assert atlassian.counts()["requests"]["token.refresh"] == 1


def test_a_waiting_caller_gives_up_in_time(row: Connection) -> None:
    Connection.objects.update(lease_token="somebody", lease_until=timezone.now() + timedelta(minutes=1))
    with pytest.raises(errors.RefreshBusy):
        access_token(row.pk, budget=0.2)


def test_who_was_refused_with_an_older_token_does_not_mark_the_newer_grant(row: Connection) -> None:
    stale = Connection.objects.select_related("action__app").get()
    access_token(row.pk)
    assert not lose_grant(stale, "refused")
    assert Connection.objects.get().usable


def test_a_provider_with_very_short_tokens_is_not_asked_in_circles(row: Connection, atlassian: Sandbox) -> None:
    assert access_token(row.pk, margin=7200).generation == 2
    assert atlassian.exchanges() == 1


def test_a_removed_connection_is_said_to_be_gone() -> None:
    with pytest.raises(errors.ConnectionGone):
        access_token(4711)


def test_nothing_of_a_token_shows_in_what_is_handed_out(row: Connection, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = access_token(row.pk)
    stored = Connection.objects.get()
    for secret in (token.value, stored.refresh_token, row.refresh_token):
        assert secret.reveal() not in f"{token!r} {stored!r} {caplog.text}"


@pytest.mark.django_db(transaction=True)
def test_of_eight_callers_at_once_one_renews_and_all_get_the_new_token(row: Connection, atlassian: Sandbox) -> None:
    atlassian.fault("delay", on="token", seconds=0.5)
    together = threading.Barrier(8)

    def caller(_: int) -> str:
        try:
            together.wait()
            return access_token(row.pk).value.reveal()
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(caller, range(8)))
    assert len(tokens) == 1
    assert atlassian.exchanges() == 1


@pytest.mark.django_db(transaction=True)
def test_a_caller_whose_time_is_up_leaves_and_the_renewal_is_stored_all_the_same(
    row: Connection, atlassian: Sandbox
) -> None:
    atlassian.fault("delay", on="token", seconds=1.0)
    began = time.monotonic()
    with pytest.raises(errors.RefreshBusy):
        access_token(row.pk, budget=0.3)
    assert time.monotonic() - began < 0.9
    assert finish(5)
    assert Connection.objects.get().generation == 2
    assert atlassian.exchanges() == 1


@pytest.mark.django_db(transaction=True)
def test_threads_that_want_the_same_token_look_it_up_once(row: Connection, atlassian: Sandbox) -> None:
    atlassian.fault("delay", on="token", seconds=0.3)
    reads: list[str] = []
    together = threading.Barrier(20)

    def caller(_: int) -> str:
        def count(execute: Any, sql: str, *rest: Any) -> Any:
            reads.append(sql)
            return execute(sql, *rest)

        try:
            with database.execute_wrapper(count):
                together.wait()
                return access_token(row.pk).value.reveal()
        finally:
            database.close()

    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(caller, range(20)))) == 1
    assert len(reads) < 20, "one of them looks, the others wait for what it finds"


def test_who_says_that_the_request_is_wrong_has_not_judged_the_grant(row: Connection, atlassian: Sandbox) -> None:
    atlassian.fault("answer", on="token", status=400, body={"error": "unsupported_grant_type"})
    with pytest.raises(errors.ClientRefused):
        access_token(row.pk)
    assert Connection.objects.get().usable
    assert ClientFault.objects.exists()
