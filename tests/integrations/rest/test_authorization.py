"""Authorizing by the App itself over the API: with an API token, directly, or by the page a person opens."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from integrations.models import Action, AuthorizationAttempt, Connection
from tests.api import assert_problem, base
from tests.factories import ActionFactory, ConnectionFactory, ProfileFactory

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from tests.sandbox import Sandbox
    from xoplatform.models import App


@pytest.fixture(autouse=True)
def _sites(atlassian: Sandbox, settings: Any) -> None:
    settings.XO_SANDBOX_URL = atlassian.url


def at(app: App, rest: str) -> str:
    return f"{base(app)}/actions/jira/{rest}"


def basic(api: APIClient, app: App, atlassian: Sandbox, **changes: Any) -> Any:
    body = {
        "site_url": f"{atlassian.url}/site/acme",
        "email": "ada@example.com",
        "token": atlassian.api_token("ada"),
        "edition": "developer",
    }
    return api.post(at(app, "authorize/api-token/"), {**body, **changes})


def test_an_api_token_authorizes_the_app(api: APIClient, app: App, atlassian: Sandbox) -> None:
    answer = basic(api, app, atlassian)
    found = answer.json()
    assert (found["kind"], found["state"], found["site_name"]) == ("basic", "connected", "acme")
    assert Connection.objects.get().access_token.reveal() not in answer.content.decode()
    action = api.get(at(app, "")).json()
    assert (action["method"], action["authorization_type"]) == ("basic", "pre_authorize")


def test_a_refused_token_changes_nothing(api: APIClient, app: App, atlassian: Sandbox) -> None:
    row = ConnectionFactory(action__app=app)
    assert_problem(basic(api, app, atlassian, token="hidden-wrong"), 409, "token_refused")
    assert Connection.objects.get(pk=row.pk).usable
    assert Action.objects.get().method == "oauth"


def test_a_trial_site_is_refused_before_anything_is_sent(api: APIClient, app: App, atlassian: Sandbox) -> None:
    body = basic(api, app, atlassian, edition="trial")
    assert_problem(body, 409, "edition_refused")
    assert not Connection.objects.exists()


def test_an_edition_has_to_be_chosen(api: APIClient, app: App) -> None:
    body = {"site_url": "https://acme.atlassian.net", "email": "ada@example.com", "token": "hidden"}
    assert_problem(api.post(at(app, "authorize/api-token/"), body), 409, "edition_missing")


def test_an_address_that_is_no_site_is_sent_nothing(api: APIClient, app: App, atlassian: Sandbox) -> None:
    assert_problem(basic(api, app, atlassian, site_url="https://nowhere.example.com"), 409, "site_refused")


@pytest.mark.parametrize("days", [-1, 4000])
def test_a_day_on_which_no_token_ends_is_named(days: int, api: APIClient, app: App, atlassian: Sandbox) -> None:
    day = (timezone.localdate() + timedelta(days=days)).isoformat()
    assert_problem(basic(api, app, atlassian, expires_on=day), 400, "invalid", "/expires_on")


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("client_credentials", {}), ("password_grant", {"username": "ada", "password": "hidden-pass"})],
)
def test_a_profile_without_a_consent_page_authorizes_the_app(
    kind: str, typed: dict[str, str], api: APIClient, app: App, token_url: str
) -> None:
    profile = ProfileFactory(app=app, type=kind, token_url=token_url)
    answer = api.post(at(app, "authorize/direct/"), {"profile_id": profile.pk, "edition": "developer", **typed})
    assert (answer.json()["state"], answer.json()["site_name"]) == ("connected", "acme")
    assert "hidden" not in answer.content.decode()
    found = api.get(at(app, "")).json()
    assert (found["card"], found["profile_id"]) == ("custom", profile.pk)


def test_a_grant_that_is_refused_changes_nothing(api: APIClient, app: App, atlassian: Sandbox) -> None:
    profile = ProfileFactory(
        app=app,
        type="client_credentials",
        client_id="sandbox-client",
        client_secret="hidden-wrong",
        token_url=f"{atlassian.url}/oauth/token",
    )
    body = {"profile_id": profile.pk, "edition": "developer"}
    assert_problem(api.post(at(app, "authorize/direct/"), body), 409, "code_refused")
    assert Action.objects.get().card == "system"


def test_a_profile_with_a_consent_page_is_not_used_directly(api: APIClient, app: App) -> None:
    body = {"profile_id": ProfileFactory(app=app).pk, "edition": "developer"}
    assert_problem(api.post(at(app, "authorize/direct/"), body), 409, "not_offered")


def test_a_consent_is_given_on_a_page_by_a_person(api: APIClient, app: App, atlassian: Sandbox) -> None:
    ActionFactory(app=app)
    found = api.get(at(app, "consent/")).json()
    assert found["address"].endswith("/admin/apps/helpdesk/actions/jira/")
    assert found["callback_url"].endswith("/oauth/callback/")
    assert found["asks_for"]
    assert not AuthorizationAttempt.objects.exists()


def test_no_consent_page_is_told_for_a_trial_site(api: APIClient, app: App, atlassian: Sandbox) -> None:
    ActionFactory(app=app, edition="trial")
    assert_problem(api.get(at(app, "consent/")), 409, "edition_refused")


def test_no_consent_page_is_told_where_each_person_authorizes(api: APIClient, app: App) -> None:
    ActionFactory(app=app, authorization_type="allow_users")
    assert_problem(api.get(at(app, "consent/")), 409, "not_offered")
