"""The pages of an App's API keys: for owners, the value shown once, nothing ended without a question."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from integrations.models import AuditEntry
from tests.api import base, client_with, secret_of
from xoplatform import api_keys
from xoplatform.models import ApiKey, App, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

NEW = {"name": "Web chat", "scopes": ["chat", "configuration"], "requests_per_minute": "60", "expires_on": ""}


@pytest.fixture
def olive(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("olive")


@pytest.fixture
def key(app: App) -> ApiKey:
    return api_keys.create(app, "Terminal", [Scope.CHAT])[0]


def page(name: str, *more: Any) -> str:
    return reverse(f"admin:{name}", args=["helpdesk", *more])


def shown(olive: Client, address: str, body: dict[str, Any]) -> str:
    """The value on the page that answers."""
    return str(olive.post(address, body).context["value"])


def test_without_keys_the_page_says_what_they_are_for_and_makes_the_first(olive: Client) -> None:
    text = olive.get(page("app_api_keys")).content.decode()
    assert "No program uses this App" in text
    assert page("app_api_key_new") in text


def test_the_new_key_is_shown_and_opens_the_app(olive: Client, app: App) -> None:
    value = shown(olive, page("app_api_key_new"), NEW)
    assert client_with(value).get(f"{base(app)}/").status_code == 200


def test_the_page_of_the_new_key_has_a_line_to_try_it(olive: Client) -> None:
    answer = olive.post(page("app_api_key_new"), NEW)
    assert f"Bearer {answer.context['value']}" in answer.context["curl"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_no_later_page_shows_it(olive: Client) -> None:
    secret = secret_of(shown(olive, page("app_api_key_new"), NEW))
    addresses = [page("app_api_keys"), *(page("app_api_key", key.pk) for key in ApiKey.objects.all())]
    assert not any(secret in olive.get(address).content.decode() for address in addresses)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scopes": []}, "Choose one at least."),
        ({"name": "Terminal"}, "of this name already"),
        ({"requests_per_minute": "0"}, "greater than or equal to 1"),
        ({"expires_on": "2020-01-01"}, "This day is over"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    change: dict[str, Any], words: str, olive: Client, key: ApiKey
) -> None:
    answer = olive.post(page("app_api_key_new"), NEW | change)
    assert (answer.status_code, ApiKey.objects.count()) == (400, 1)
    assert words in answer.content.decode()


def test_a_key_opens_until_its_last_day_is_over(olive: Client) -> None:
    today = timezone.localdate()
    shown(olive, page("app_api_key_new"), NEW | {"expires_on": today.isoformat()})
    ends = ApiKey.objects.get().expires_at
    assert ends is not None
    assert timezone.localtime(ends).date() == today + timedelta(days=1)


def test_saving_without_a_change_leaves_the_end_as_it_is(olive: Client, key: ApiKey) -> None:
    ends = timezone.now() + timedelta(days=3)
    api_keys.change(key, expires_at=ends)
    day = olive.get(page("app_api_key", key.pk)).context["form"]["expires_on"].value()
    body = {"name": "Shop", "scopes": ["chat"], "requests_per_minute": "600", "expires_on": day.isoformat()}
    olive.post(page("app_api_key", key.pk), body)
    key.refresh_from_db()
    assert (key.name, key.expires_at) == ("Shop", ends)


def test_a_rotation_shows_the_new_value_and_keeps_the_old_for_a_while(olive: Client, app: App) -> None:
    key, old = api_keys.create(app, "channel", [Scope.CONFIGURATION])
    new = shown(olive, page("app_api_key_rotate", key.pk), {"overlap": "3600"})
    assert [client_with(value).get(f"{base(app)}/").status_code for value in (old, new)] == [200, 200]


def test_nothing_is_rotated_or_revoked_by_looking(olive: Client, key: ApiKey) -> None:
    before = ApiKey.objects.values().get()
    for name in ("app_api_key_rotate", "app_api_key_revoke"):
        olive.get(page(name, key.pk))
    assert ApiKey.objects.values().get() == before


def test_a_revoked_key_opens_nothing_and_cannot_be_changed(olive: Client, app: App) -> None:
    key, value = api_keys.create(app, "channel", [Scope.CONFIGURATION])
    olive.post(page("app_api_key_revoke", key.pk))
    assert client_with(value).get(f"{base(app)}/").status_code == 401
    assert '<form method="post" class="xo-form"' not in olive.get(page("app_api_key", key.pk)).content.decode()


def test_the_audit_names_who_did_it(olive: Client, key: ApiKey) -> None:
    olive.post(page("app_api_key_revoke", key.pk))
    entry = AuditEntry.objects.filter(verb="key_revoked").get()
    assert (entry.actor_name, entry.object) == ("olive", str(key))


@pytest.mark.parametrize(("who", "status"), [("devi", 403), ("vic", 403), ("stan", 404), ("rooty", 200)])
def test_the_pages_are_for_owners(who: str, status: int, sign_in: Callable[[str], Client], key: ApiKey) -> None:
    browser = sign_in(who)
    names = (("app_api_keys",), ("app_api_key_new",), ("app_api_key", key.pk), ("app_api_key_revoke", key.pk))
    assert {browser.get(page(*name)).status_code for name in names} == {status}


def test_a_key_of_another_app_is_not_here(olive: Client) -> None:
    theirs, _value = api_keys.create(App.objects.get(slug="elsewhere"), "theirs", [Scope.CHAT])
    assert olive.post(page("app_api_key_revoke", theirs.pk)).status_code == 404


@pytest.mark.parametrize(("who", "offered"), [("olive", True), ("devi", False)])
def test_the_side_bar_offers_keys_to_owners(who: str, offered: bool, sign_in: Callable[[str], Client]) -> None:
    text = sign_in(who).get(page("app_overview")).content.decode()
    assert (page("app_api_keys") in text, reverse("api-docs") in text) == (offered, True)


@pytest.mark.parametrize("number", [2, 12])
def test_the_list_takes_as_many_queries_for_many_keys(
    number: int, olive: Client, app: App, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    olive.get(page("app_api_keys"))
    for place in range(number):
        api_keys.create(app, f"key {place}", [Scope.CHAT])
    with django_assert_max_num_queries(9):
        olive.get(page("app_api_keys"))
