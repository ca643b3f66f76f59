"""Keys by REST: for owners with a session alone, the value told once, each change in the audit."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from integrations.models import AuditEntry
from tests.api import ALL, assert_problem, base, client_of, client_with, secret_of
from xoplatform import api_keys
from xoplatform.models import ApiKey, App, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

KEYS = "/api/v1/apps/helpdesk/keys/"
NEW = {"name": "Web chat", "scopes": ["chat"]}


@pytest.fixture
def olive(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("olive")


@pytest.fixture
def key(app: App) -> ApiKey:
    return api_keys.create(app, "Terminal", [Scope.CHAT])[0]


def post(client: Client, address: str, body: Any = None, **headers: str) -> Any:
    return client.post(address, body or {}, content_type="application/json", headers=headers)


def patch(client: Client, key: ApiKey, body: Any, **headers: str) -> Any:
    return client.patch(f"{KEYS}{key.pk}/", body, content_type="application/json", headers=headers)


def test_the_value_of_a_new_key_opens_the_app(olive: Client, app: App) -> None:
    value = post(olive, KEYS, {"name": "Web chat", "scopes": ["configuration"]}).json()["value"]
    assert client_with(value).get(f"{base(app)}/").status_code == 200


def test_a_new_key_says_where_it_is(olive: Client) -> None:
    answer = post(olive, KEYS, NEW)
    assert (answer.status_code, olive.get(answer.headers["Location"]).json()["name"]) == (201, "Web chat")


def test_the_value_is_told_once(olive: Client) -> None:
    made = post(olive, KEYS, NEW)
    secret = secret_of(made.json()["value"])
    later = [olive.get(KEYS), olive.get(made.headers["Location"])]
    assert not any(secret in answer.content.decode() for answer in later)


def test_a_creation_that_is_sent_again_makes_one_key(olive: Client) -> None:
    headers = {"Idempotency-Key": "creation-1"}
    first, second = (post(olive, KEYS, NEW, **headers) for _ in range(2))
    assert (second.json(), ApiKey.objects.count()) == (first.json(), 1)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["everything"]}, "/scopes/0"),
        ({"name": ""}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"requests_per_minute": 0}, "/requests_per_minute"),
        ({"expires_at": "tomorrow"}, "/expires_at"),
    ],
)
def test_the_field_at_fault_is_named(change: dict[str, Any], pointer: str, olive: Client) -> None:
    assert_problem(post(olive, KEYS, NEW | change), 400, "invalid", pointer)


def test_a_key_that_has_ended_already_is_not_made(olive: Client) -> None:
    body = NEW | {"expires_at": (timezone.now() - timedelta(hours=1)).isoformat()}
    assert_problem(post(olive, KEYS, body), 400, "expires_in_the_past")
    assert not ApiKey.objects.exists()


def test_a_name_is_given_once(olive: Client, key: ApiKey) -> None:
    assert_problem(post(olive, KEYS, NEW | {"name": key.name}), 409, "key_name_taken")


def test_a_revoked_key_leaves_its_name_to_another(olive: Client, key: ApiKey) -> None:
    api_keys.revoke(key)
    assert post(olive, KEYS, NEW | {"name": key.name}).status_code == 201


@pytest.mark.parametrize("who", ["devi", "vic"])
def test_who_does_not_own_the_app_sees_no_keys(who: str, sign_in: Callable[[str], Client], key: ApiKey) -> None:
    assert_problem(sign_in(who).get(f"{KEYS}{key.pk}/"), 403, "not_allowed")


@pytest.mark.parametrize("scopes", [ALL, (Scope.READ,)])
def test_a_key_neither_sees_nor_makes_keys(scopes: tuple[Scope, ...], app: App) -> None:
    api = client_of(app, scopes)
    for answer in (api.get(KEYS), api.post(KEYS, NEW)):
        assert "staff user's session" in assert_problem(answer, 403, "not_allowed")["detail"]


def test_a_key_of_another_app_does_not_exist(olive: Client) -> None:
    theirs, _value = api_keys.create(App.objects.get(slug="elsewhere"), "theirs", [Scope.CHAT])
    assert_problem(olive.get(f"{KEYS}{theirs.pk}/"), 404, "not_found")
    assert_problem(post(olive, f"{KEYS}{theirs.pk}/revoke/"), 404, "not_found")


def test_what_is_changed_holds_at_once(olive: Client, key: ApiKey) -> None:
    answer = patch(olive, key, {"scopes": ["read", "chat"], "requests_per_minute": 5})
    assert (answer.json()["scopes"], answer.json()["requests_per_minute"]) == (["chat", "read"], 5)
    key.refresh_from_db()
    assert (key.name, key.scopes) == ("Terminal", ["chat", "read"])


def test_a_change_on_what_is_no_more_is_refused(olive: Client, key: ApiKey) -> None:
    tag = olive.get(f"{KEYS}{key.pk}/").headers["ETag"]
    patch(olive, key, {"name": "Theirs"})
    assert_problem(patch(olive, key, {"name": "Mine"}, **{"If-Match": tag}), 412, "changed_meanwhile")


def test_a_revoked_key_is_not_changed(olive: Client, key: ApiKey) -> None:
    api_keys.revoke(key)
    assert_problem(patch(olive, key, {"name": "Mine"}), 409, "key_ended")


def test_an_expired_key_works_again_when_given_more_time(olive: Client, app: App) -> None:
    key, value = api_keys.create(app, "old", [Scope.CONFIGURATION], expires_at=timezone.now() - timedelta(days=1))
    patch(olive, key, {"expires_at": None})
    assert client_with(value).get(f"{base(app)}/").status_code == 200


def test_both_values_open_until_the_overlap_ends(olive: Client, app: App) -> None:
    key, old = api_keys.create(app, "channel", [Scope.CONFIGURATION])
    answer = post(olive, f"{KEYS}{key.pk}/rotate/", {"overlap_seconds": 600})
    assert answer.json()["old_value_until"] is not None
    values = (old, answer.json()["value"])
    assert [client_with(value).get(f"{base(app)}/").status_code for value in values] == [200, 200]


def test_without_an_overlap_the_old_value_ends_at_once(olive: Client, app: App) -> None:
    key, old = api_keys.create(app, "channel", [Scope.CONFIGURATION])
    answer = post(olive, f"{KEYS}{key.pk}/rotate/", {"overlap_seconds": 0})
    assert answer.json()["old_value_until"] is None
    assert client_with(old).get(f"{base(app)}/").status_code == 401


def test_a_revoked_key_is_seen_as_such_and_opens_nothing(olive: Client, app: App) -> None:
    key, value = api_keys.create(app, "channel", [Scope.CONFIGURATION])
    assert post(olive, f"{KEYS}{key.pk}/revoke/").json()["state"] == "revoked"
    assert client_with(value).get(f"{base(app)}/").status_code == 401


def test_a_revoked_key_is_not_rotated(olive: Client, key: ApiKey) -> None:
    api_keys.revoke(key)
    assert_problem(post(olive, f"{KEYS}{key.pk}/rotate/"), 409, "key_ended")


def test_the_audit_tells_who_did_what_to_a_key(olive: Client) -> None:
    one = post(olive, KEYS, NEW).headers["Location"]
    olive.patch(one, {"name": "Shop"}, content_type="application/json")
    post(olive, f"{one}rotate/")
    post(olive, f"{one}revoke/")
    post(olive, f"{one}revoke/")
    told = AuditEntry.objects.order_by("pk").values_list("verb", "actor_name")
    assert list(told) == [(f"key_{what}", "olive") for what in ("created", "changed", "rotated", "revoked")]


def test_the_audit_holds_no_value(olive: Client) -> None:
    made = post(olive, KEYS, NEW)
    rotated = post(olive, f"{made.headers['Location']}rotate/")
    stored = str(list(AuditEntry.objects.values()))
    assert not any(secret_of(answer.json()["value"]) in stored for answer in (made, rotated))


@pytest.mark.parametrize("number", [2, 12])
def test_a_list_takes_as_many_queries_for_many_keys(
    number: int, olive: Client, app: App, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = app.members.get(user__username="olive").user
    for place in range(number):
        api_keys.create(app, f"key {place}", [Scope.CHAT], by=owner)
    with django_assert_num_queries(5):
        assert len(olive.get(KEYS).json()["items"]) == number
