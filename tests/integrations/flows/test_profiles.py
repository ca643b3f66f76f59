"""Authorization profiles: their rules, their dynamic parts, and what a change of one costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations import errors
from integrations.flows import profiles
from integrations.flows.clients import client_of, client_of_profile
from integrations.flows.profile_fields import fill
from integrations.flows.profile_rules import problems_of
from integrations.models import Action, AuditEntry, AuthorizationProfile, Connection
from tests.factories import ActionFactory, AppFactory, ConnectionFactory, ProfileFactory

if TYPE_CHECKING:
    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db

ADDRESSES = {
    "authorization_url": "https://auth.example.com/authorize",
    "token_url": "https://auth.example.com/token",
}


def profile(**values: Any) -> AuthorizationProfile:
    """A profile that is right, but for ``values``; not stored."""
    built: AuthorizationProfile = ProfileFactory.build(app=AppFactory(), **{**ADDRESSES, **values})
    return built


def pair(key: str, value: str) -> dict[str, str]:
    return {"key": key, "value": value}


def place(kind: str, key: str, value: str) -> dict[str, str]:
    return {"type": kind, "key": key, "value": value}


@pytest.mark.parametrize("kind", list(AuthorizationProfile.Type))
def test_every_type_can_be_saved(kind: str) -> None:
    saved = profiles.save(profile(type=kind), secret="hidden-secret")
    assert saved.pk
    assert AuditEntry.objects.get().verb == "profile_created"


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"name": ""}, "name", "Name is missing"),
        ({"identity_provider": ""}, "identity_provider", "Identity provider name is missing"),
        ({"client_id": ""}, "client_id", "Client ID is missing"),
        ({"client_id": "a" * 256}, "client_id", "at most 255 characters; it has 256"),
        ({"client_secret": ""}, "client_secret", "Client Secret is missing"),
        ({"client_secret": "a" * 256}, "client_secret", "at most 255"),
        ({"authorization_url": ""}, "authorization_url", "Authorization URL is missing"),
        ({"token_url": ""}, "token_url", "Token request URL is missing"),
        ({"token_url": "https://x.example/" + "a" * 3000}, "token_url", "at most 3000"),
        ({"refresh_url": "nonsense"}, "refresh_url", "Refresh token URL must be a web address"),
        ({"token_url": "javascript:alert(1)"}, "token_url", "must be a web address"),
        ({"token_url": "https://ada:x@x.example/"}, "token_url", "user name"),
        ({"token_url": "http://x.example/"}, "token_url", "must begin with https://"),
        ({"token_url": "https://{{host}}.example/"}, "token_url", "{{host}}, but there is no field"),
        ({"token_url": "https://{tenant}.example/"}, "token_url", "Subdomain is off"),
        ({"tenancy": True}, "base_url", "Base URL is missing"),
        ({"tenancy": True, "base_url": "https://x.example"}, "base_url", "must hold {tenant}"),
        ({"additional_fields": [pair("a b", "1")]}, "additional_fields", "row 1: “a b” is no key"),
        ({"additional_fields": [pair("a", "1"), pair("a", "2")]}, "additional_fields", "row 2: the key “a” stands"),
        ({"authorization_fields": [place("cookie", "a", "b")]}, "authorization_fields", "row 1: the type"),
        ({"authorization_fields": [place("header", "a", "")]}, "authorization_fields", "the value is missing"),
        ({"authorization_fields": [place("header", "a:b", "c")]}, "authorization_fields", "no name of a header"),
        ({"authorization_fields": [place("header", "a", "b\r\nc: d")]}, "authorization_fields", "line break"),
        ({"authorization_fields": [place("payload", "grant_type", "x")]}, "authorization_fields", "platform itself"),
        ({"authorization_fields": [place("header", "a", "{{pin}}")]}, "authorization_fields", "{{pin}} is used"),
        ({"type": "password_grant", "auth_error_status": 200}, "auth_error_status", "between 400 and 599"),
    ],
)
def test_what_is_wrong_is_said_with_the_fields_name(values: dict[str, Any], field: str, words: str) -> None:
    assert words in problems_of(profile(**values))[field]
    with pytest.raises(errors.ProfileInvalid):
        profiles.save(profile(**values))
    assert not AuthorizationProfile.objects.exists()


def test_plain_http_is_fine_where_the_operator_allows_the_host(settings: Any) -> None:
    settings.XO_ALLOW_PRIVATE_HOSTS = ["127.0.0.1"]
    assert not problems_of(profile(token_url="http://127.0.0.1:9/token"))


def test_what_does_not_belong_to_the_type_is_not_kept() -> None:
    saved = profiles.save(profile(type="api_key", scopes=[pair("scope", "x")], tenancy=False))
    assert (saved.client_id, saved.authorization_url, saved.scopes) == ("", "", [])


def test_the_secret_is_kept_until_a_new_one_comes() -> None:
    saved = profiles.save(profile(), secret="hidden-one")
    first = saved.client_secret_set_at
    profiles.save(saved, secret="")
    assert saved.client_secret_set_at == first
    profiles.save(saved, secret="hidden-two")
    saved.refresh_from_db()
    assert saved.client_secret.reveal() == "hidden-two"
    assert saved.client_secret_set_at != first


def test_the_audit_says_that_the_secret_changed_but_not_to_what() -> None:
    profiles.save(profiles.save(profile(), secret="hidden-one"), secret="hidden-two")
    newest = AuditEntry.objects.order_by("-pk")[0]
    assert newest.details == {"changed": ["Client Secret"]}


def test_dynamic_parts_are_filled_as_data() -> None:
    filled = fill(
        profile(
            token_url="https://{tenant}.example.com/{realm}/token?pin={{pin}}",
            authorization_url="/authorize",
            tenancy=True,
            base_url="https://{tenant}.example.com/",
            additional_fields=[pair("pin", "1 2&x=3")],
            authorization_fields=[
                place("path", "realm", "a/b"),
                place("header", "X-Pin", "{{pin}}"),
                place("payload", "organization", "acme"),
                place("query", "v", "2"),
            ],
        ),
        tenant="acme",
    )
    assert filled.token_url == "https://acme.example.com/a%2Fb/token?pin=1%202%26x%3D3"
    assert filled.authorization_url == "https://acme.example.com/authorize"
    assert filled.extras.header == {"X-Pin": "1 2&x=3"}
    assert filled.extras.payload == {"organization": "acme"}
    assert filled.extras.query == {"v": "2"}
    assert "acme" not in repr(filled.extras)


def test_an_address_may_begin_with_a_field() -> None:
    fields = {"token_url": "{{base}}/token", "additional_fields": [pair("base", "https://auth.example.com/")]}
    assert fill(profile(**fields)).token_url == "https://auth.example.com/token"


@pytest.mark.parametrize("tenant", ["", "evil.com/", "a@b", "a b", "..", "x?y", "-"])
def test_a_tenant_cannot_become_more_than_a_name(tenant: str) -> None:
    tenancy = profile(tenancy=True, base_url="https://{tenant}.example.com", token_url="/token")
    with pytest.raises(errors.ProfileUnfilled, match="tenant"):
        fill(tenancy, tenant=tenant)


def test_a_missing_value_is_named() -> None:
    with pytest.raises(errors.ProfileUnfilled, match="“user”"):
        fill(profile(authorization_fields=[place("header", "A", "{{user}}")]))


def test_the_actions_tenant_goes_into_its_client(atlassian: Sandbox) -> None:
    tenancy = profiles.save(profile(tenancy=True, base_url="https://{tenant}.example.com", token_url="/token"))
    action = ActionFactory(app=tenancy.app, card="custom", profile=tenancy, tenant="acme")
    assert client_of(action).token_url == "https://acme.example.com/token"


def test_a_profile_says_how_its_token_requests_are_sent() -> None:
    grant = profile(type="password_grant", request_method="PUT", content_type="application/json")
    client = client_of_profile(grant, fill(grant))
    assert (client.grant, client.token_method, client.token_body) == ("password", "PUT", "json")


def test_a_profile_in_use_cannot_be_deleted_and_its_users_are_named() -> None:
    used = ProfileFactory()
    action = ActionFactory(app=used.app, card="custom", profile=used)
    with pytest.raises(errors.ProfileInUse, match=f"used by JIRA in {action.app}"):
        profiles.delete(used)
    assert AuthorizationProfile.objects.exists()


@pytest.mark.parametrize("field", profiles.DECISIVE)
def test_another_client_or_endpoint_ends_the_grants_and_says_why(field: str) -> None:
    used = profiles.save(profile(refresh_url="https://auth.example.com/refresh"), secret="hidden")
    action = ActionFactory(app=used.app, card="custom", profile=used, enabled=True)
    row = ConnectionFactory(action=action)
    value = "other" if field == "client_id" else "https://{tenant}.example.com/x"
    setattr(used, field, value)
    used.tenancy, used.base_url = True, "https://{tenant}.example.com/x"
    assert [(use.action, use.connections) for use in profiles.uses_that_end(used)] == [(action, 1)]
    profiles.save(used)
    row.refresh_from_db()
    assert row.state == Connection.State.NEEDS_AUTHORIZATION
    assert "was changed" in row.last_error
    assert Action.objects.get().status == Action.Status.ERROR


@pytest.mark.parametrize("change", [{"description": "x"}, {"name": "New name"}, {"scopes": [pair("scope", "x")]}])
def test_other_changes_end_nothing(change: dict[str, Any]) -> None:
    used = profiles.save(profile(), secret="hidden")
    row = ConnectionFactory(action=ActionFactory(app=used.app, card="custom", profile=used))
    for name, value in change.items():
        setattr(used, name, value)
    assert not profiles.uses_that_end(used)
    profiles.save(used, secret="hidden-new")
    row.refresh_from_db()
    assert row.usable
