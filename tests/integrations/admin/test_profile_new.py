"""Create New in its place, switching types, and Test on the profile's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integrations.admin.profile_form import groups_for, type_styles
from integrations.flows.profile_kinds import KINDS
from integrations.models import Action, AuthorizationProfile, Connection
from tests.factories import ActionFactory, ConnectionFactory, ProfileFactory

from .conftest import JIRA
from .test_profile_admin import VALUES, change

if TYPE_CHECKING:
    from django.test import Client

    from tests.sandbox import Sandbox
    from xoplatform.models import App

NEW = f"{JIRA}profiles/new/"


def test_the_form_stands_below_the_action_with_the_providers_values(developer: Client, atlassian: Sandbox) -> None:
    response = developer.get(NEW)
    form, page = response.context["form"], response.content.decode()
    assert form["authorization_url"].value() == f"{atlassian.url}/authorize"
    assert {"key": "scope", "value": "offline_access"} in form["scopes"].value()
    assert 'data-copy="http://127.0.0.1:8000/oauth/callback/"' in page
    assert "Save Auth" in page


def test_save_auth_goes_back_to_the_action_and_selects_nothing(developer: Client, app: App) -> None:
    action = ActionFactory(app=app)
    response = developer.post(f"{NEW}?next={JIRA}?card=custom%26edition=developer", VALUES)
    assert response["Location"].startswith(f"{JIRA}?card=custom")
    saved = AuthorizationProfile.objects.get()
    assert (saved.app, saved.client_secret.reveal()) == (app, "hidden-secret")
    action.refresh_from_db()
    assert action.profile is None


def test_it_never_goes_back_to_another_host(developer: Client, app: App) -> None:
    assert developer.post(f"{NEW}?next=https://evil.example/", VALUES)["Location"] == f"{JIRA}?card=custom"


def test_a_wrong_field_is_named_and_what_was_typed_stays_but_for_the_secret(developer: Client, app: App) -> None:
    response = developer.post(NEW, {**VALUES, "token_url": "nonsense"})
    page = response.content.decode()
    assert response.status_code == 400
    assert "Token request URL must be a web address" in page
    assert 'value="our-client"' in page
    assert "hidden-secret" not in page


def test_a_name_is_used_once_per_app(developer: Client, app: App) -> None:
    ProfileFactory(app=app, name="Our app")
    assert "already exists in Helpdesk" in developer.post(NEW, VALUES).content.decode()


def test_a_viewer_may_not(viewer: Client, app: App) -> None:
    assert viewer.get(NEW).status_code == 403


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_type_is_saved_from_the_same_form_with_its_own_fields(developer: Client, app: App, kind: str) -> None:
    typed = {**VALUES, "type": kind, "check_url": "https://x.example/me", "auth_error_status": "403"}
    assert developer.post(NEW, typed).status_code == 302
    saved = AuthorizationProfile.objects.get()
    assert bool(saved.check_url) == KINDS[kind].has("check_url")
    assert bool(saved.client_id) == KINDS[kind].has("client_id")
    assert (saved.auth_error_status == 403) == KINDS[kind].has("auth_error_status")


def test_each_type_hides_what_it_does_not_have() -> None:
    styles = str(type_styles())
    assert 'option[value="api_key"]:checked) .field-client_id' in styles
    assert 'option[value="oauth2"]:checked) .field-client_id {' not in styles
    shown = [field for _title, fields in groups_for("client_credentials") for field in fields]
    assert "authorization_url" not in shown
    assert "callback_url" not in shown


def test_rows_with_a_place_are_kept(developer: Client, app: App) -> None:
    rows = {
        "additional_fields_key": ["pin", ""],
        "additional_fields_value": ["12", ""],
        "authorization_fields_type": ["query", "header"],
        "authorization_fields_key": ["p", ""],
        "authorization_fields_value": ["{{pin}}", ""],
    }
    assert developer.post(NEW, {**VALUES, **rows}).status_code == 302
    saved = AuthorizationProfile.objects.get()
    assert saved.authorization_fields == [{"type": "query", "key": "p", "value": "{{pin}}"}]


@pytest.fixture
def used(developer: Client, app: App) -> Connection:
    """A connection through a profile of the App."""
    developer.post(NEW, VALUES)
    profile = AuthorizationProfile.objects.get()
    row: Connection = ConnectionFactory(action=ActionFactory(app=app, card="custom", profile=profile, enabled=True))
    return row


def test_changing_the_client_asks_first_and_names_who_is_hit(developer: Client, used: Connection) -> None:
    profile = AuthorizationProfile.objects.get()
    changed = {**VALUES, "client_id": "other", "client_secret": "hidden-new"}
    page = developer.post(change(profile), changed).content.decode()
    assert "JIRA in Helpdesk (1 connection)" in page
    assert 'name="confirm_end"' in page
    assert "hidden-new" not in page
    profile.refresh_from_db()
    assert profile.client_id == "our-client"
    used.refresh_from_db()
    assert used.usable


def test_once_confirmed_the_connections_need_consent_again(developer: Client, used: Connection) -> None:
    profile = AuthorizationProfile.objects.get()
    developer.post(change(profile), {**VALUES, "client_id": "other", "confirm_end": "on"})
    used.refresh_from_db()
    assert used.state == Connection.State.NEEDS_AUTHORIZATION
    assert "was changed (Client ID)" in used.last_error
    assert Action.objects.get().status == Action.Status.ERROR


def test_another_secret_alone_asks_nothing(developer: Client, used: Connection) -> None:
    profile = AuthorizationProfile.objects.get()
    assert developer.post(change(profile), {**VALUES, "client_secret": "hidden-new"}).status_code == 302
    used.refresh_from_db()
    assert used.usable


def trial_of(profile: AuthorizationProfile) -> str:
    return f"/admin/integrations/authorizationprofile/{profile.pk}/test/"


def test_test_shows_what_came_back(developer: Client, app: App, atlassian: Sandbox) -> None:
    profile = ProfileFactory(app=app, token_url=f"{atlassian.url}/oauth/token", client_secret="hidden-wrong")
    assert trial_of(profile) in developer.get(change(profile)).content.decode()
    page = developer.post(trial_of(profile)).content.decode()
    assert "Auth Test Failed" in page
    assert "access_denied" in page
    assert "hidden-wrong" not in page


def test_test_says_when_the_client_is_accepted(developer: Client, app: App, atlassian: Sandbox) -> None:
    right = {"client_id": atlassian.client_id, "client_secret": atlassian.client_secret}
    profile = ProfileFactory(app=app, token_url=f"{atlassian.url}/oauth/token", **right)
    page = developer.post(trial_of(profile)).content.decode()
    assert "✓ The provider accepts the client ID and secret." in page


def test_test_asks_for_what_the_profile_does_not_hold(developer: Client, app: App) -> None:
    profile = ProfileFactory(app=app, type="basic", form_fields=[{"title": "PIN", "key": "pin", "help": ""}])
    page = developer.post(trial_of(profile)).content.decode()
    for words in ("Check URL is missing.", "Password or API token is missing.", "PIN is missing."):
        assert words in page


def test_only_developers_of_the_app_may_test(viewer: Client, developer: Client, app: App) -> None:
    assert viewer.post(trial_of(ProfileFactory(app=app))).status_code == 403
    assert developer.post(trial_of(ProfileFactory())).status_code == 404
