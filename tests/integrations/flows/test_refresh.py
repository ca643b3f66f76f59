from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection as database
from django.utils import timezone

from integrations import errors, jobs
from integrations.flows import refresh
from integrations.flows.grants import lose_grant
from integrations.flows.refresh import access_token
from integrations.models import Action, Connection
from tests.factories import ConnectionFactory

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


def expire() -> None:
    Connection.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


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


def test_a_token_is_renewed_a_minute_before_it_ends(row: Connection) -> None:
    Connection.objects.update(expires_at=timezone.now() + timedelta(seconds=50))
    assert access_token(row.pk).generation == 2


def test_a_token_refused_by_the_provider_is_renewed_although_it_should_live(grants: Grants) -> None:
    row = grants.connect()
    assert access_token(row.pk, rejected=1).generation == 2


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
    Connection.objects.update(refresh_token="", expires_at=timezone.now() + timedelta(seconds=30))
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
    Connection.objects.update(refresh_after=None)
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


def test_an_outage_is_waited_out_and_the_grant_is_kept(row: Connection, atlassian: Sandbox) -> None:
    atlassian.fault("error", on="token", times=2, status=502)
    with pytest.raises(errors.ProviderUnavailable):
        access_token(row.pk)
    row.refresh_from_db()
    assert row.usable
    assert row.refresh_failures == 1
    assert row.refresh_after is not None
    assert row.refresh_after < timezone.now() + timedelta(seconds=3)
    with pytest.raises(errors.ProviderUnavailable):
        access_token(row.pk)
    assert atlassian.counts()["requests"]["token.refresh"] == 2, "nobody asks while the failure is waited out"


def test_during_an_outage_a_token_that_still_lives_is_used(row: Connection, atlassian: Sandbox) -> None:
    Connection.objects.update(expires_at=timezone.now() + timedelta(seconds=50))
    atlassian.fault("error", on="token", times=2, status=502)
    assert access_token(row.pk).generation == 1


def test_a_waiting_caller_gives_up_in_time(row: Connection) -> None:
    Connection.objects.update(lease_token="somebody", lease_until=timezone.now() + timedelta(minutes=1))
    with pytest.raises(errors.RefreshBusy):
        access_token(row.pk, budget=0.2)


def test_the_lease_of_a_caller_that_died_ends_by_itself(row: Connection) -> None:
    Connection.objects.update(lease_token="somebody", lease_until=timezone.now() - timedelta(seconds=1))
    assert access_token(row.pk).generation == 2


def test_who_reads_an_older_generation_cannot_take_the_lease(row: Connection) -> None:
    stale = Connection.objects.get()
    access_token(row.pk)
    assert not refresh._claim(stale)


def test_who_was_refused_with_an_older_token_does_not_mark_the_newer_grant(row: Connection) -> None:
    stale = Connection.objects.select_related("action__app").get()
    access_token(row.pk)
    assert not lose_grant(stale, "refused")
    assert Connection.objects.get().usable


def test_a_renewal_under_way_loses_to_a_new_consent(grants: Grants, row: Connection) -> None:
    stale = Connection.objects.select_related("action__app", "action__profile").get()
    assert refresh._claim(stale)
    again = grants.connect(row.action)
    refresh._renew(stale)
    kept = Connection.objects.get()
    assert kept.access_token.reveal() == again.access_token.reveal()
    assert kept.generation == 2


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


def test_beat_hands_out_those_that_end_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    soon = ConnectionFactory(expires_at=timezone.now() + timedelta(minutes=5))
    ConnectionFactory(expires_at=timezone.now() + timedelta(minutes=30))
    ConnectionFactory(expired=True, state=Connection.State.NEEDS_AUTHORIZATION)
    sent: list[int] = []
    monkeypatch.setattr(jobs.refresh_connection, "apply_async", lambda args, **_: sent.extend(args))
    assert jobs.refresh_due_connections() == 1
    assert sent == [soon.pk]


def test_the_job_renews_ahead_and_a_second_one_does_nothing(row: Connection, atlassian: Sandbox) -> None:
    Connection.objects.update(expires_at=timezone.now() + timedelta(minutes=5))
    jobs.refresh_connection(row.pk)
    jobs.refresh_connection(row.pk)
    assert atlassian.exchanges() == 1


def test_a_job_that_fails_says_so_on_the_connection(row: Connection, atlassian: Sandbox) -> None:
    atlassian.revoke()
    jobs.refresh_connection(row.pk)
    assert Connection.objects.get().state == Connection.State.NEEDS_AUTHORIZATION
