"""The page that tells how to embed the chat, and the token that its preview talks with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dialogs.flows.publish import publish
from tests.api import client_with
from tests.dialogs.factories import task
from tests.dialogs.samples import greeting
from tests.factories import AppFactory, staff
from xoplatform import api_keys, person_tokens
from xoplatform.models import ApiKey, EndUser, Role, Scope

if TYPE_CHECKING:
    from django.test import Client

    from xoplatform.models import App


@pytest.fixture
def url(app: App) -> str:
    return reverse("admin:app_embed", args=[app.slug])


@pytest.fixture
def token_url(app: App) -> str:
    return reverse("admin:app_embed_token", args=[app.slug])


@pytest.fixture
def key(app: App) -> ApiKey:
    return api_keys.create(app, "website", [Scope.CHAT])[0]


def test_the_snippet_is_ready_to_be_copied(url: str, app: App, key: ApiKey, signed_in: Client, settings: Any) -> None:
    settings.XO_BASE_URL = "https://chat.example.com"
    page = signed_in.get(url).content.decode()
    assert "https://chat.example.com/widget/v1/xo-chat.js" in page
    assert f"&lt;xo-chat app=&quot;{app.slug}&quot;" in page


def test_it_tells_which_pages_may_call(url: str, signed_in: Client, settings: Any) -> None:
    assert "No page of another origin" in signed_in.get(url).content.decode()
    settings.CORS_ALLOWED_ORIGINS = ["https://www.example.com"]
    page = signed_in.get(url).content.decode()
    assert '<code class="xo-code">https://www.example.com</code>' in page


def test_without_a_key_it_says_what_is_missing(url: str, signed_in: Client) -> None:
    page = signed_in.get(url).content.decode()
    assert "this App has none" in page
    assert "<xo-chat" not in page


def test_with_nothing_published_it_says_so(url: str, app: App, key: ApiKey, signed_in: Client) -> None:
    assert "No dialog task is published" in signed_in.get(url).content.decode()
    publish(task(app, greeting()))
    assert "No dialog task is published" not in signed_in.get(url).content.decode()


def test_the_preview_talks_as_the_members_own_end_user(
    token_url: str, app: App, key: ApiKey, signed_in: Client, developer: Any
) -> None:
    publish(task(app, greeting()))
    token = signed_in.post(token_url).json()["token"]
    talk = client_with(token).post(f"/api/v1/apps/{app.slug}/conversations/", {"text": "say hello"})
    assert talk.json()["message"]["replies"][0]["text"] == "What is your name?"
    assert talk.json()["external_id"] == f"staff:{developer.pk}"


def test_a_token_needs_a_key_that_may_chat_and_is_active(token_url: str, app: App, signed_in: Client) -> None:
    api_keys.create(app, "reader", [Scope.READ])
    api_keys.revoke(api_keys.create(app, "gone", [Scope.CHAT])[0])
    answer = signed_in.post(token_url)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_chat_key")


def test_a_key_of_another_app_mints_nothing_here(token_url: str, signed_in: Client) -> None:
    api_keys.create(AppFactory(), "website", [Scope.CHAT])
    assert signed_in.post(token_url).status_code == 409


def test_a_token_is_made_by_a_post_alone(token_url: str, key: ApiKey, signed_in: Client) -> None:
    assert signed_in.get(token_url).status_code == 405


def test_viewers_and_strangers_get_neither(url: str, token_url: str, app: App, key: ApiKey, client: Client) -> None:
    client.force_login(staff(app, Role.VIEWER))
    assert (client.get(url).status_code, client.post(token_url).status_code) == (403, 403)
    client.force_login(staff(AppFactory()))
    assert (client.get(url).status_code, client.post(token_url).status_code) == (404, 404)
    assert not EndUser.objects.exists()


def test_no_page_shows_a_token_or_a_key(url: str, key: ApiKey, signed_in: Client) -> None:
    page = signed_in.get(url).content.decode()
    assert person_tokens.MARK not in page
    assert key.prefix not in page


def test_the_page_costs_the_same_with_many_keys(
    url: str, app: App, signed_in: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        api_keys.create(app, f"key {number}", [Scope.READ])
    with django_assert_max_num_queries(12):
        signed_in.get(url)
