"""Authorization profiles over the API: made, changed, tested, deleted; what is secret stays inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations.models import AuthorizationProfile, Connection
from tests.api import assert_problem, base
from tests.factories import ActionFactory, AppFactory, ConnectionFactory, ProfileFactory

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

    from tests.sandbox import Sandbox
    from xoplatform.models import App

BODY = {
    "name": "Our Jira app",
    "type": "oauth2",
    "identity_provider": "Atlassian",
    "client_id": "our-client",
    "client_secret": "hidden-client-secret",
    "authorization_url": "https://auth.example.com/authorize",
    "token_url": "https://auth.example.com/token",
    "scopes": [{"key": "scope", "value": "read:jira-work"}],
}


def create(api: APIClient, app: App, **changes: Any) -> Any:
    return api.post(f"{base(app)}/authorization-profiles/", {**BODY, **changes})


def test_a_profile_is_made_and_its_secret_never_told(api: APIClient, app: App) -> None:
    answer = create(api, app)
    assert answer.status_code == 201
    again = api.get(answer.headers["Location"])
    assert again.json() == answer.json()
    assert again.json()["has_client_secret"] is True
    assert "hidden" not in answer.content.decode() + again.content.decode()
    assert AuthorizationProfile.objects.get().client_secret.reveal() == "hidden-client-secret"


def test_values_that_may_be_secret_are_not_told(api: APIClient, app: App) -> None:
    rows = [
        {"type": "header", "key": "X-Key", "value": "hidden-value"},
        {"type": "header", "key": "X-Tenant", "value": "Tenant {{where}}"},
    ]
    fields = {"additional_fields": [{"key": "where", "value": "north"}], "authorization_fields": rows}
    found = create(api, app, **fields).json()
    assert [row["value"] for row in found["authorization_fields"]] == [None, "Tenant {{where}}"]
    at = f"{base(app)}/authorization-profiles/{found['id']}/"
    api.patch(at, {"authorization_fields": found["authorization_fields"]})
    assert AuthorizationProfile.objects.get().authorization_fields == rows


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"token_url": ""}, "/token_url"),
        ({"token_url": "http://plain.example.com/token"}, "/token_url"),
        ({"authorization_url": "https://{{nothing}}.example.com/"}, "/authorization_url"),
        ({"client_secret": ""}, "/client_secret"),
        ({"tenancy": True}, "/base_url"),
        ({"additional_fields": [{"key": "a b", "value": "1"}]}, "/additional_fields"),
        ({"authorization_fields": [{"type": "header", "key": "X", "value": ""}]}, "/authorization_fields"),
        ({"authorization_fields": [{"type": "body", "key": "X", "value": "1"}]}, "/authorization_fields/0/type"),
        ({"type": "magic"}, "/type"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], pointer: str, api: APIClient, app: App) -> None:
    answer = create(api, app, **change)
    body = assert_problem(answer, 400, "invalid")
    assert any(fault["pointer"].startswith(pointer) for fault in body["errors"]), body
    assert not AuthorizationProfile.objects.exists()


def test_a_name_stands_once_in_an_app(api: APIClient, app: App) -> None:
    create(api, app)
    assert_problem(create(api, app), 400, "invalid", "/name")


def test_a_change_leaves_the_secret_and_the_rest(api: APIClient, app: App) -> None:
    made = create(api, app)
    found = api.patch(made.headers["Location"], {"description": "Ours", "client_secret": ""}).json()
    assert (found["description"], found["client_id"]) == ("Ours", "our-client")
    assert AuthorizationProfile.objects.get().client_secret.reveal() == "hidden-client-secret"


def test_a_change_on_what_changed_meanwhile_is_refused(api: APIClient, app: App) -> None:
    made = create(api, app)
    at, tag = made.headers["Location"], api.get(made.headers["Location"]).headers["ETag"]
    api.patch(at, {"description": "Ours"})
    assert_problem(api.patch(at, {"description": "Mine"}, headers={"If-Match": tag}), 412, "changed_meanwhile")


def test_working_connections_end_only_if_that_is_meant(api: APIClient, app: App) -> None:
    at = create(api, app).headers["Location"]
    profile = AuthorizationProfile.objects.get()
    action = ActionFactory(app=app, enabled=True, card="custom", profile=profile)
    ConnectionFactory(action=action, client_id="our-client")
    assert_problem(api.patch(at, {"client_id": "another"}), 409, "connections_would_end")
    assert AuthorizationProfile.objects.get().client_id == "our-client"
    assert api.patch(at, {"client_id": "another", "confirm_end": True}).status_code == 200
    assert not Connection.objects.get().usable


def test_a_profile_that_is_used_is_not_deleted(api: APIClient, app: App) -> None:
    at = create(api, app).headers["Location"]
    ActionFactory(app=app, card="custom", profile=AuthorizationProfile.objects.get())
    assert_problem(api.delete(at), 409, "profile_in_use")


def test_a_profile_that_nothing_uses_is_deleted(api: APIClient, app: App) -> None:
    at = create(api, app).headers["Location"]
    assert api.delete(at).status_code == 204
    assert_problem(api.get(at), 404, "not_found")


def test_a_profile_of_another_app_is_not_there(api: APIClient, app: App) -> None:
    at = f"{base(app)}/authorization-profiles/{ProfileFactory(app=AppFactory()).pk}/"
    for answer in (api.get(at), api.patch(at, {"name": "Mine"}), api.delete(at), api.post(f"{at}test/")):
        assert_problem(answer, 404, "not_found")


def test_the_list_costs_the_same_whatever_its_length(
    api: APIClient, app: App, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ProfileFactory.create_batch(6, app=app)
    api.get(f"{base(app)}/authorization-profiles/")
    with django_assert_num_queries(2):
        assert len(api.get(f"{base(app)}/authorization-profiles/").json()["items"]) == 6


# --- Tested ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("secret", "ok"), [("sandbox-secret", True), ("hidden-wrong", False)])
def test_a_test_tells_whether_the_client_is_accepted(
    secret: str, ok: bool, api: APIClient, app: App, atlassian: Sandbox
) -> None:
    urls = {"authorization_url": f"{atlassian.url}/authorize", "token_url": f"{atlassian.url}/oauth/token"}
    made = create(api, app, client_id="sandbox-client", client_secret=secret, content_type="application/json", **urls)
    answer = api.post(f"{made.headers['Location']}test/")
    assert answer.json()["ok"] is ok, answer.content
    assert secret not in answer.content.decode()


def test_what_a_test_needs_is_named(api: APIClient, app: App) -> None:
    fields = [{"title": "Region", "key": "region"}]
    made = create(api, app, type="basic", client_secret="", form_fields=fields)
    body = assert_problem(api.post(f"{made.headers['Location']}test/"), 400, "invalid", "/form_fields/region")
    assert {"/check_url", "/username", "/password"} <= {fault["pointer"] for fault in body["errors"]}


def test_what_no_header_can_carry_is_not_sent(api: APIClient, app: App) -> None:
    fields = {
        "form_fields": [{"title": "Region", "key": "region"}],
        "authorization_fields": [{"type": "header", "key": "X-Region", "value": "{{region}}"}],
    }
    made = create(api, app, type="password_grant", **fields)
    typed = {"username": "ada", "password": "hidden", "form_fields": {"region": "\u0441\u0435\u0432\u0435\u0440"}}
    answer = api.post(f"{made.headers['Location']}test/", typed)
    assert "X-Region" in assert_problem(answer, 409, "profile_unfilled")["detail"]


def test_a_key_that_no_header_can_carry_fails_the_test(api: APIClient, app: App, settings: Any) -> None:
    settings.XO_ALLOW_PRIVATE_HOSTS = ["127.0.0.1"]
    made = create(api, app, type="api_key", check_url="http://127.0.0.1:9/")
    found = api.post(f"{made.headers['Location']}test/", {"key": "\u043a\u043b\u044e\u0447"}).json()
    assert found["ok"] is False
