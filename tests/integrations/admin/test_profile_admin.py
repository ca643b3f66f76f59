"""Authorization profiles: the secret goes in and never comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations.models import AuthorizationProfile
from tests.factories import ActionFactory, ProfileFactory

if TYPE_CHECKING:
    from django.test import Client

    from tests.sandbox import Sandbox
    from xoplatform.models import App

ADD = "/admin/integrations/authorizationprofile/add/"
VALUES: dict[str, Any] = {
    "name": "Our app",
    "type": "oauth2",
    "identity_provider": "Atlassian",
    "client_id": "our-client",
    "client_secret": "hidden-secret",
    "authorization_url": "https://auth.example.com/authorize",
    "token_url": "https://auth.example.com/token",
    "refresh_url": "",
    "scopes_key": ["scope", "scope", ""],
    "scopes_value": ["read:jira-work", "offline_access", ""],
}


def change(profile: AuthorizationProfile) -> str:
    return f"/admin/integrations/authorizationprofile/{profile.pk}/change/"


def errors_of(client: Client, app: App, **values: Any) -> str:
    response = client.post(ADD, {**VALUES, "app": app.pk, **values})
    assert response.status_code == 200, "it was saved"
    return response.content.decode()


def test_it_opens_filled_in_for_a_provider(developer: Client, app: App, atlassian: Sandbox) -> None:
    form = developer.get(ADD, {"provider": "jira", "app": str(app.pk)}).context["adminform"].form
    assert form["app"].value() in (app.pk, str(app.pk))
    assert form["identity_provider"].value() == "JIRA"
    assert form["authorization_url"].value() == f"{atlassian.url}/authorize"
    assert form["token_url"].value() == f"{atlassian.url}/oauth/token"
    assert {"key": "scope", "value": "offline_access"} in form["scopes"].value()
    assert not form["client_secret"].value()


def test_it_shows_the_callback_url_with_a_copy_button(developer: Client, atlassian: Sandbox) -> None:
    assert 'data-copy="http://127.0.0.1:8000/oauth/callback/"' in developer.get(ADD).content.decode()


def test_saving_goes_back_to_the_action_without_selecting(developer: Client, app: App) -> None:
    action = ActionFactory(app=app)
    back = "/admin/apps/helpdesk/actions/jira/?card=custom"
    response = developer.post(f"{ADD}?next={back}", {**VALUES, "app": app.pk})
    assert response["Location"] == back
    profile = AuthorizationProfile.objects.get()
    assert profile.client_secret.reveal() == "hidden-secret"
    assert profile.client_secret_set_at is not None
    assert [pair["value"] for pair in profile.scopes] == ["read:jira-work", "offline_access"]
    action.refresh_from_db()
    assert action.profile is None


def test_it_never_goes_back_to_another_host(developer: Client, app: App) -> None:
    response = developer.post(f"{ADD}?next=https://evil.example/", {**VALUES, "app": app.pk})
    assert "evil.example" not in response["Location"]


def test_the_page_tells_since_when_a_secret_is_set_but_not_which(developer: Client, app: App) -> None:
    developer.post(ADD, {**VALUES, "app": app.pk})
    page = developer.get(change(AuthorizationProfile.objects.get())).content.decode()
    assert "Leave empty to keep it." in page
    assert "hidden-secret" not in page


@pytest.mark.parametrize(("typed", "kept"), [("", "hidden-secret"), ("new-secret", "new-secret")])
def test_an_empty_secret_keeps_the_old_one(developer: Client, app: App, typed: str, kept: str) -> None:
    developer.post(ADD, {**VALUES, "app": app.pk})
    profile = AuthorizationProfile.objects.get()
    developer.post(change(profile), {**VALUES, "client_secret": typed, "description": "changed"})
    profile.refresh_from_db()
    assert profile.description == "changed"
    assert profile.client_secret.reveal() == kept


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("client_id", "", "Client ID is missing."),
        ("client_secret", "", "Client Secret is missing."),
        ("identity_provider", "", "Identity provider name is missing."),
        ("authorization_url", "", "Authorization URL is missing."),
        ("authorization_url", "javascript:alert(1)", "Authorization URL must be a web address"),
        ("token_url", "ftp://x", "Token request URL must be a web address"),
        ("refresh_url", "nonsense", "Refresh token URL must be a web address"),
        ("token_url", "https://x.example/" + "a" * 3000, "3000"),
        ("client_id", "a" * 256, "255"),
        ("scopes_key", [""], "the key of “read:jira-work” is missing"),
        ("scopes_value", [""], "the value of “scope” is missing"),
    ],
)
def test_a_wrong_field_is_named(developer: Client, app: App, field: str, value: Any, words: str) -> None:
    assert words in errors_of(developer, app, **{field: value})
    assert not AuthorizationProfile.objects.exists()


def test_a_name_is_used_once_per_app(developer: Client, app: App) -> None:
    ProfileFactory(app=app, name="Our app")
    assert "already exists" in errors_of(developer, app)


def test_a_profile_in_use_is_not_deleted_and_the_message_names_its_users(developer: Client, app: App) -> None:
    profile = ProfileFactory(app=app)
    ActionFactory(app=app, profile=profile, card="custom")
    page = developer.post(change(profile).replace("change", "delete"), {"post": "yes"}, follow=True).content.decode()
    assert "is used by JIRA in Helpdesk. It was not deleted." in page
    assert AuthorizationProfile.objects.exists()


def test_a_profile_out_of_use_is_deleted_after_a_question(developer: Client, app: App) -> None:
    profile = ProfileFactory(app=app)
    address = change(profile).replace("change", "delete")
    assert "Nothing uses it now." in developer.get(address).content.decode()
    assert AuthorizationProfile.objects.exists()
    developer.post(address)
    assert not AuthorizationProfile.objects.exists()


def test_a_profile_never_moves_to_another_app(developer: Client, app: App) -> None:
    profile = ProfileFactory(app=app)
    other = ProfileFactory().app
    developer.post(change(profile), {**VALUES, "app": other.pk})
    profile.refresh_from_db()
    assert profile.app == app
