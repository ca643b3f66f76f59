"""A client that its provider refuses: who asks again, who is told, and that nobody's grant is touched."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.db import connection as database
from django.utils import timezone

from integrations import errors, grant_jobs
from integrations.flows import client_fault_mails, profiles
from integrations.flows.client_faults import REST, TRIAL, clear, note, standing
from integrations.flows.clients import client_of
from integrations.flows.refresh import access_token
from integrations.models import Action, AuditEntry, AuthorizationProfile, ClientFault, Connection
from tests.factories import (
    ActionFactory,
    AppFactory,
    ConnectionFactory,
    EndUserFactory,
    MemberFactory,
    ProfileFactory,
    StaffFactory,
)
from xoplatform.core.crypto import Secret
from xoplatform.models import Role

from .stand_in import Provider, answer, call

if TYPE_CHECKING:
    from django.conf import LazySettings
    from pytest_django import DjangoAssertNumQueries

    from integrations.oauth import OAuthClient
    from tests.integrations.grants import Grants
    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db

Verb = AuditEntry.Verb


@pytest.fixture
def action() -> Action:
    """Uses a client of its App's own."""
    app = AppFactory()
    found: Action = ActionFactory(app=app, enabled=True, card=Action.Card.CUSTOM, profile=ProfileFactory(app=app))
    return found


@pytest.fixture
def client(action: Action) -> OAuthClient:
    return client_of(action)


def refused(action: Action, words: str = "Unauthorized") -> ClientFault:
    note(action, client_of(action), words)
    return ClientFault.objects.get()


def rest_is_over() -> None:
    ClientFault.objects.update(retry_at=timezone.now() - timedelta(seconds=1))


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


# --- Who asks ---------------------------------------------------------------------------


def test_a_client_that_nobody_refused_is_asked_with(action: Action, client: OAuthClient) -> None:
    assert standing(action, client) is None


def test_a_refused_client_rests_for_everybody(action: Action, client: OAuthClient) -> None:
    fault = refused(action)
    assert standing(action, client) == fault
    assert timezone.now() < fault.retry_at <= timezone.now() + REST[0]


def test_the_mark_of_a_client_does_not_hold_it(action: Action) -> None:
    fault = refused(action)
    assert "our-client" not in fault.mark
    assert "hidden" not in fault.mark


def test_when_the_rest_is_over_exactly_one_asks_again(action: Action, client: OAuthClient) -> None:
    refused(action)
    rest_is_over()
    answers = [standing(action, client) for _caller in range(5)]
    assert [found is None for found in answers] == [True, False, False, False, False]


def test_who_asks_again_and_dies_is_replaced_after_a_while(action: Action, client: OAuthClient) -> None:
    refused(action)
    rest_is_over()
    standing(action, client)
    left = ClientFault.objects.get().retry_at - timezone.now()
    assert TRIAL - timedelta(seconds=5) < left <= REST[1]


def test_each_further_refusal_doubles_the_rest_up_to_ten_minutes(action: Action, client: OAuthClient) -> None:
    refused(action)
    rests = []
    for _again in range(7):
        rest_is_over()
        began = timezone.now()
        assert standing(action, client) is None
        note(action, client, "Unauthorized")
        rests.append(round((ClientFault.objects.get().retry_at - began).total_seconds()))
    assert rests == [60, 120, 240, 480, 600, 600, 600]


def test_refusals_that_were_under_way_together_count_once(action: Action, client: OAuthClient) -> None:
    for _caller in range(20):
        note(action, client, "Unauthorized")
    fault = ClientFault.objects.get()
    assert fault.refusals == 1
    assert fault.retry_at <= timezone.now() + REST[0]


@pytest.mark.parametrize("other", [{"client_id": "another"}, {"client_secret": Secret("another")}])
def test_another_client_id_or_secret_is_tried_at_once(action: Action, client: OAuthClient, other: Any) -> None:
    refused(action)
    assert standing(action, replace(client, **other)) is None
    assert not ClientFault.objects.exists()


def test_the_system_client_and_each_profile_have_faults_of_their_own(
    action: Action, client: OAuthClient, provider: Provider
) -> None:
    system = ActionFactory(app=AppFactory(), enabled=True)
    note(system, client_of(system), "Unauthorized")
    assert standing(action, client) is None
    note(action, client, "Unauthorized")
    assert ClientFault.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_eight_threads_one_asks_again(action: Action, client: OAuthClient) -> None:
    refused(action)
    rest_is_over()
    together = threading.Barrier(8)

    def caller(_: int) -> bool:
        try:
            mine = Action.objects.select_related("profile").get(pk=action.pk)
            together.wait()
            return standing(mine, client) is None
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(caller, range(8))) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_refusals_at_once_make_one_fault(action: Action, client: OAuthClient) -> None:
    together = threading.Barrier(8)

    def caller(_: int) -> None:
        try:
            mine = Action.objects.select_related("profile__app", "app").get(pk=action.pk)
            together.wait()
            note(mine, client, "Unauthorized")
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(caller, range(8)))
    assert ClientFault.objects.get().refusals == 1
    assert verbs() == [Verb.CLIENT_REFUSED]


# --- When it ends -----------------------------------------------------------------------


def test_a_client_that_is_accepted_again_is_cleared_and_audited(action: Action, client: OAuthClient) -> None:
    refused(action)
    clear(action)
    assert standing(action, client) is None
    assert verbs() == [Verb.CLIENT_REFUSED, Verb.CLIENT_MENDED]
    assert AuditEntry.objects.first().app == action.app  # type: ignore[union-attr]


def test_success_after_a_look_that_found_no_fault_costs_no_query(
    action: Action, client: OAuthClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        standing(action, client)
    with django_assert_num_queries(0):
        clear(action)


def test_the_one_who_asked_again_with_success_clears_the_fault(action: Action, client: OAuthClient) -> None:
    refused(action)
    rest_is_over()
    fresh = Action.objects.select_related("profile").get()
    assert standing(fresh, client) is None
    clear(fresh)
    assert not ClientFault.objects.exists()


@pytest.fixture
def profile(action: Action) -> AuthorizationProfile:
    """The action's own, filled in as saving wants it, and refused."""
    AuthorizationProfile.objects.update(
        authorization_url="https://auth.example.com/authorize", token_url="https://auth.example.com/token"
    )
    refused(action)
    return AuthorizationProfile.objects.get()


def test_saving_the_profile_with_another_secret_ends_the_fault(profile: AuthorizationProfile) -> None:
    profiles.save(profile, secret="the-right-one")
    assert not ClientFault.objects.exists()
    assert Verb.CLIENT_MENDED in verbs()


def test_saving_the_profile_with_another_token_address_ends_the_fault(profile: AuthorizationProfile) -> None:
    profile.token_url = "https://auth.example.com/another"
    profiles.save(profile)
    assert not ClientFault.objects.exists()


def test_saving_the_profile_under_another_name_does_not(profile: AuthorizationProfile) -> None:
    profile.name = "Renamed"
    profiles.save(profile, secret="hidden-client-secret")
    assert ClientFault.objects.exists()


# --- What it does to connections ----------------------------------------------------------


def test_many_connections_of_one_refused_client_send_one_request_and_stay_connected(
    provider: Provider, action: Action
) -> None:
    provider.answers = [answer(401, {"error": "access_denied", "error_description": "Unauthorized"})]
    rows = [of_a_person(action) for _each in range(60)]
    for row in rows:
        with pytest.raises(errors.ClientRefused, match="Our registration"):
            access_token(row.pk)
    assert len(provider.seen) == 1
    assert Connection.objects.filter(state=Connection.State.CONNECTED).count() == len(rows)
    assert Action.objects.get().status == Action.Status.ENABLED


def test_the_same_refusal_by_a_stand_in_atlassian_is_mended_by_the_right_secret(
    grants: Grants, atlassian: Sandbox, settings: LazySettings
) -> None:
    row = grants.connect()
    Connection.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    settings.XO_JIRA_CLIENT_SECRET = "wrong"
    for _caller in range(10):
        with pytest.raises(errors.ClientRefused, match="XO_JIRA_CLIENT_SECRET"):
            access_token(row.pk)
    assert atlassian.counts()["requests"]["token.refresh"] == 1
    settings.XO_JIRA_CLIENT_SECRET = atlassian.client_secret
    assert access_token(row.pk).generation == row.generation + 1
    assert not ClientFault.objects.exists()


def test_chat_says_that_the_persons_authorization_is_fine(provider: Provider, action: Action) -> None:
    provider.answers = [answer(401, {"error": "invalid_client"})]
    Action.objects.update(authorization_type=Action.AuthorizationType.ALLOW_USERS)
    row = of_a_person(action)
    result = call(row, end_user_id=row.end_user_id)
    assert result.outcome == "refused"
    assert "Your authorization is fine" in result.message
    assert f"the team of {action.app.name}" in result.message
    assert "Our registration" not in result.message, "no name of a setting or profile in chat"


def test_chat_says_something_else_of_a_provider_that_is_down(provider: Provider, action: Action) -> None:
    provider.answers = [answer(502, None)]
    row = of_a_person(action)
    Action.objects.update(authorization_type=Action.AuthorizationType.ALLOW_USERS)
    result = call(row, end_user_id=row.end_user_id, timeout=1)
    assert result.outcome == "unreachable"
    assert "could not be reached" in result.message
    assert not ClientFault.objects.exists()


def of_a_person(action: Action) -> Connection:
    row: Connection = ConnectionFactory(
        action=action, end_user=EndUserFactory(app=action.app), expired=True, client_id="our-client"
    )
    return row


# --- Who is told ------------------------------------------------------------------------


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """The mails' jobs that were queued, instead of a worker that takes them."""
    jobs: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(client_fault_mails, "hand_out", lambda job, **arguments: jobs.append((job, arguments)))
    return jobs


def deliver(posted: list[tuple[str, dict[str, Any]]]) -> None:
    for name, arguments in posted:
        getattr(grant_jobs, name)(**arguments)


def test_owners_and_developers_of_the_profiles_app_are_told_once(action: Action, posted: list[Any]) -> None:
    told = [MemberFactory(app=action.app, role=role).user.email for role in (Role.OWNER, Role.DEVELOPER)]
    MemberFactory(app=action.app, role=Role.VIEWER)
    StaffFactory(is_superuser=True)
    fault = refused(action)
    assert [grant_jobs.tell_client_fault(fault.pk) for _job in range(3)] == [2, 0, 0]
    deliver(posted)
    assert sorted(one.to[0] for one in mail.outbox) == sorted(told)
    (body,) = {one.body.replace(one.body.splitlines()[0], "") for one in mail.outbox}
    assert "Nobody's authorization is lost" in body
    assert "It said: Unauthorized" in body
    assert f"/authorizationprofile/{action.profile_id}/change/" in body
    assert "hidden" not in body


def test_of_the_system_client_the_operators_are_told(provider: Provider, posted: list[Any]) -> None:
    action = ActionFactory(enabled=True)
    MemberFactory(app=action.app, role=Role.OWNER)
    operator = StaffFactory(is_superuser=True)
    StaffFactory(is_superuser=True, email="")
    assert grant_jobs.tell_client_fault(refused(action).pk) == 1
    deliver(posted)
    assert [one.to for one in mail.outbox] == [[operator.email]]
    assert "XO_JIRA_CLIENT_ID and XO_JIRA_CLIENT_SECRET" in mail.outbox[0].body


def test_nobody_gets_a_mail_about_a_client_that_was_mended_meanwhile(action: Action, posted: list[Any]) -> None:
    MemberFactory(app=action.app)
    grant_jobs.tell_client_fault(refused(action).pk)
    clear(action)
    deliver(posted)
    assert mail.outbox == []


def test_the_clock_finds_a_fault_whose_job_was_lost(action: Action, posted: list[Any]) -> None:
    MemberFactory(app=action.app)
    refused(action)
    assert [grant_jobs.tell_client_faults() for _beat in range(2)] == [1, 0]


def test_the_next_fault_of_the_same_client_is_told_again(action: Action, posted: list[Any]) -> None:
    MemberFactory(app=action.app)
    grant_jobs.tell_client_fault(refused(action).pk)
    clear(action)
    assert grant_jobs.tell_client_fault(refused(action).pk) == 1


def test_every_app_that_uses_the_system_client_reads_of_it_in_its_audit(provider: Provider) -> None:
    first, second = ActionFactory(enabled=True), ActionFactory(enabled=True)
    ActionFactory(enabled=True, method=Action.Method.BASIC)
    note(first, client_of(first), "Unauthorized")
    assert {entry.app for entry in AuditEntry.objects.filter(verb=Verb.CLIENT_REFUSED)} == {first.app, second.app}
