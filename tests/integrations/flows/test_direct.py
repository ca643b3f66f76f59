"""Profiles that need no consent page: the App for itself, or with a user name and password."""

from __future__ import annotations

import json
from typing import Any

import pytest

from integrations import errors
from integrations.flows import direct
from integrations.flows.refresh import access_token
from integrations.models import Action, Connection
from tests.factories import ActionFactory, ProfileFactory
from tests.loopback import plain, serving
from xoplatform.core.crypto import Secret

pytestmark = pytest.mark.django_db


def action_with(kind: str, token_url: str, **values: Any) -> Action:
    profile = ProfileFactory(type=kind, token_url=token_url)
    found: Action = ActionFactory(app=profile.app, card="custom", profile=profile, **values)
    return found


def test_the_app_authorizes_for_itself(token_url: str) -> None:
    row = direct.connect(action_with("client_credentials", token_url))
    assert (row.state, row.site_name, row.client_id) == (Connection.State.CONNECTED, "acme", "our-client")
    assert not row.refresh_token


def test_a_new_token_is_asked_for_when_the_old_one_ends(token_url: str) -> None:
    row = direct.connect(action_with("client_credentials", token_url))
    Connection.objects.filter(pk=row.pk).update(expires_at=row.authorized_at)
    assert access_token(row.pk).generation == row.generation + 1


def test_a_user_name_and_password_become_a_token_and_are_not_kept(token_url: str) -> None:
    row = direct.connect(action_with("password_grant", token_url), username="ada", password=Secret("hidden-pass"))
    assert row.usable
    kept = [Secret.of(value).reveal() for value in vars(row).values() if isinstance(value, Secret | str)]
    assert "hidden-pass" not in kept


def test_a_missing_password_sends_nothing(token_url: str) -> None:
    with pytest.raises(errors.CodeRefused, match="password is missing"):
        direct.connect(action_with("password_grant", token_url))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"error": "invalid_client"}, errors.ClientRefused),
        ({"error": "unsupported_grant_type"}, errors.CodeRefused),
        ({"error": "server_error"}, errors.ProviderUnavailable),
    ],
)
def test_a_refusal_is_told_and_nothing_is_kept(token_url: str, body: dict[str, str], error: type[Exception]) -> None:
    before = Connection.objects.count()
    with serving(plain(400, json.dumps(body).encode())) as url, pytest.raises(error):
        direct.connect(action_with("client_credentials", url))
    assert Connection.objects.count() == before


def test_nobody_who_chats_gets_such_a_grant(token_url: str) -> None:
    with pytest.raises(errors.NotOffered):
        direct.connect(action_with("client_credentials", token_url, authorization_type="allow_users"))


def test_only_profiles_without_a_consent_page_are_direct(token_url: str) -> None:
    assert direct.is_direct(action_with("client_credentials", token_url))
    assert not direct.is_direct(action_with("oauth2", token_url))
    assert not direct.is_direct(ActionFactory())
