"""Test of a saved profile: the fitting request, the verdict in words, and nothing secret in what is shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from integrations.errors import ProfileUnfilled
from integrations.flows import profile_trial
from integrations.flows.profile_trial import Typed, run
from integrations.models import AuditEntry, AuthorizationProfile
from tests.factories import AppFactory, ProfileFactory
from tests.loopback import plain, serving
from xoplatform.core.crypto import Secret

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db
HIDDEN = ("hidden-client-secret", "hidden-pass", "hidden-key", "hidden-pin", "hidden%2F")


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.XO_ALLOW_PRIVATE_HOSTS = ["127.0.0.1"]


def profile(**values: Any) -> AuthorizationProfile:
    found: AuthorizationProfile = ProfileFactory(app=AppFactory(), **values)
    return found


def echo(status: int = 401) -> Any:
    """Sends back everything that it received, as careless servers do."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        raw = request.rfile.read(int(request.headers.get("Content-Length") or 0)).decode()
        told = {"error": "invalid_client", "you_sent": raw, "path": request.path, "headers": dict(request.headers)}
        plain(status, json.dumps(told).encode(), X_Echo=raw[:500].replace("\n", ""), Set_Cookie="id=1")(request)

    return answer


def test_the_right_client_is_told_without_spending_anything(atlassian: Sandbox) -> None:
    ours = profile(
        client_id=atlassian.client_id, client_secret=atlassian.client_secret, token_url=f"{atlassian.url}/oauth/token"
    )
    result = run(ours)
    assert (result.ok, result.words) == (True, "The provider accepts the client ID and secret.")
    assert not atlassian.grants()
    assert AuditEntry.objects.get().details == {"succeeded": True}


def test_the_wrong_secret_is_told_with_headers_and_response(atlassian: Sandbox) -> None:
    result = run(profile(client_id=atlassian.client_id, token_url=f"{atlassian.url}/oauth/token"))
    assert not result.ok
    assert result.words.startswith("Auth Test Failed: the provider refuses the client ID or secret")
    assert result.status == 401
    assert "Content-Type" in result.headers
    assert isinstance(result.body, dict)
    assert result.body["error"] == "access_denied"


def test_an_address_that_is_no_token_endpoint_is_told() -> None:
    with serving(plain(200, b"<html>Welcome</html>")) as url:
        result = run(profile(token_url=f"{url}/"))
    assert "no answer of a token endpoint" in result.words
    assert result.body == "<html>Welcome</html>"


def test_silence_is_told() -> None:
    result = run(profile(token_url="http://127.0.0.1:1/"))
    assert "nothing came back" in result.words
    assert result.status is None


def test_a_tenant_is_asked_for() -> None:
    tenancy = profile(tenancy=True, base_url="http://127.0.0.1:1/{tenant}", token_url="/token")
    assert profile_trial.asked_for(tenancy) == ["tenant"]
    with pytest.raises(ProfileUnfilled):
        run(tenancy)


@pytest.mark.parametrize("kind", list(AuthorizationProfile.Type))
def test_no_secret_is_shown_whatever_the_server_sends_back(kind: str) -> None:
    fields = [
        {"type": "header", "key": "X-Pin", "value": "{{pin}}"},
        {"type": "payload", "key": "odd", "value": "hidden/\"'é"},
    ]
    with serving(echo()) as url:
        ours = profile(
            type=kind,
            token_url=f"{url}/token",
            check_url=f"{url}/check",
            request_method="POST",
            additional_fields=[{"key": "pin", "value": "hidden-pin"}],
            authorization_fields=fields,
        )
        result = run(ours, Typed(username="ada", password=Secret("hidden-pass"), key=Secret("hidden-key")))
    shown = f"{result}{json.dumps(result.body, ensure_ascii=False)}{dict(result.headers)}"
    assert not result.ok
    assert "hidden" not in shown
    assert "id=1" not in shown


def test_client_credentials_ask_for_a_token_and_throw_it_away() -> None:
    with serving(plain(200, b'{"access_token": "hidden-token", "expires_in": 60}')) as url:
        result = run(profile(type="client_credentials", token_url=f"{url}/token"))
    assert result.ok
    assert "hidden-token" not in str(result)


def test_the_password_grant_uses_what_was_typed() -> None:
    seen: dict[str, Any] = {}

    def note(request: BaseHTTPRequestHandler) -> None:
        raw = request.rfile.read(int(request.headers["Content-Length"])).decode()
        seen.update({k: v[0] for k, v in parse_qs(raw).items()})
        plain(400, b'{"error": "invalid_grant", "error_description": "No such user"}')(request)

    with serving(note) as url:
        ours = profile(type="password_grant", token_url=f"{url}/token", client_id="")
        result = run(ours, Typed(username="ada", password=Secret("hidden-pass")))
    assert (seen["grant_type"], seen["username"], seen["password"]) == ("password", "ada", "hidden-pass")
    assert "No such user" in result.words


@pytest.mark.parametrize(("right", "ok"), [(True, True), (False, False)])
def test_basic_is_tried_at_its_check_url(atlassian: Sandbox, right: bool, ok: bool) -> None:
    ours = profile(type="basic", check_url=f"{atlassian.url}/site/acme/rest/api/3/search/jql?jql=project=DEMO")
    token = atlassian.api_token() if right else "hidden-wrong"
    assert run(ours, Typed(username="ada@example.com", password=Secret(token))).ok is ok


def test_a_key_goes_where_the_profile_puts_it() -> None:
    seen: dict[str, str | None] = {}

    def note(request: BaseHTTPRequestHandler) -> None:
        seen.update(path=request.path, authorization=request.headers.get("Authorization"))
        plain(204)(request)

    with serving(note) as url:
        placed = [{"type": "query", "key": "api_key", "value": "{{apikey}}"}]
        assert run(
            profile(type="api_key", check_url=f"{url}/c?v=1", authorization_fields=placed), Typed(key=Secret("k y"))
        ).ok
        assert seen == {"path": "/c?v=1&api_key=k+y", "authorization": None}
        run(profile(type="api_key"), Typed(key=Secret("the-key"), check_url=f"{url}/d"))
        assert seen == {"path": "/d", "authorization": "Bearer the-key"}


def test_without_a_check_url_nothing_is_sent() -> None:
    with pytest.raises(ProfileUnfilled, match="check URL"):
        run(profile(type="api_key"), Typed(key=Secret("k")))
