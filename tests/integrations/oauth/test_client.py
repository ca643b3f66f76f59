from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from integrations.oauth import ClientRejected, Extras, GrantRejected, NoAnswer, OAuthClient, TokenError, Tokens
from integrations.oauth.answers import LONGEST_WAIT
from tests.loopback import plain, serving
from xoplatform.core.crypto import Secret

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

GOOD = {"access_token": "hidden-a", "refresh_token": "hidden-r", "expires_in": 3600, "scope": "read write"}


def client(url: str = "https://provider.example", **options: Any) -> OAuthClient:
    usual: dict[str, Any] = {
        "client_id": "me",
        "client_secret": Secret("hidden-secret"),
        "authorization_url": f"{url}/authorize",
        "token_url": f"{url}/token",
        "refresh_url": f"{url}/token",
        "redirect_uri": "https://ours.example/oauth/callback/",
        "scopes": ("read", "write"),
    }
    return OAuthClient(**{**usual, **options})


def refresh(status: int, body: Any, **options: Any) -> Tokens:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with serving(plain(status, raw)) as url:
        return client(url, **options).refresh(Secret("hidden-old"), timeout=5)


@pytest.mark.parametrize("encoding", ["json", "form"])
def test_the_token_request_is_encoded_as_the_provider_wants_it(encoding: Any) -> None:
    seen: dict[str, Any] = {}

    def note(request: BaseHTTPRequestHandler) -> None:
        raw = request.rfile.read(int(request.headers["Content-Length"])).decode()
        seen["type"] = request.headers["Content-Type"]
        seen["authorization"] = request.headers.get("Authorization")
        seen["body"] = json.loads(raw) if encoding == "json" else {k: v[0] for k, v in parse_qs(raw).items()}
        plain(200, json.dumps(GOOD).encode())(request)

    with serving(note) as url:
        client(url, token_body=encoding).exchange("the-code", "the-verifier", timeout=5)
        assert seen["body"] == {
            "grant_type": "authorization_code",
            "client_id": "me",
            "client_secret": "hidden-secret",
            "code": "the-code",
            "redirect_uri": "https://ours.example/oauth/callback/",
            "code_verifier": "the-verifier",
        }
        client(url, token_body=encoding).refresh(Secret("hidden-old"), timeout=5)
        assert seen["body"] == {
            "grant_type": "refresh_token",
            "client_id": "me",
            "client_secret": "hidden-secret",
            "refresh_token": "hidden-old",
        }
    assert encoding in seen["type"]
    assert seen["authorization"] is None


def test_tokens_are_read() -> None:
    tokens = refresh(200, GOOD)
    assert tokens.access_token.reveal() == "hidden-a"
    assert tokens.refresh_token is not None
    assert (tokens.expires_in, tokens.scopes) == (3600, ("read", "write"))
    assert "hidden" not in repr(tokens)


def test_fewer_scopes_than_asked_for_are_no_error() -> None:
    assert refresh(200, {**GOOD, "scope": "read"}).scopes == ("read",)


def test_a_missing_refresh_token_is_told() -> None:
    assert refresh(200, {"access_token": "a", "expires_in": 60}).refresh_token is None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (403, {"error": "invalid_grant", "error_description": "Unknown or invalid refresh token."}, GrantRejected),
        (403, {"error": "unauthorized_client", "error_description": "refresh_token is invalid"}, GrantRejected),
        (400, {"error": "invalid_request", "error_description": "authorization_code is invalid"}, GrantRejected),
        (401, {"error": "access_denied", "error_description": "Unauthorized"}, ClientRejected),
        (400, {"error": "invalid_client"}, ClientRejected),
        (401, {}, ClientRejected),
        (500, {"error": "server_error"}, NoAnswer),
        (429, {"error": "slow_down"}, NoAnswer),
        (502, b"<html>Bad gateway</html>", NoAnswer),
        (200, b"<html>Just a moment</html>", NoAnswer),
        (200, {"token": "x"}, NoAnswer),
        (200, {"access_token": ""}, NoAnswer),
        (200, [], NoAnswer),
        (302, b"", NoAnswer),
        (404, {}, NoAnswer),
    ],
)
def test_the_error_decides_and_not_the_status(status: int, body: Any, error: type[TokenError]) -> None:
    with pytest.raises(error):
        refresh(status, body)


@pytest.mark.parametrize(
    ("status", "body", "acted"),
    [
        (200, b"<html>Just a moment</html>", True),
        (200, {"token": "x"}, True),
        (200, b'{"access_token": "hid', True),
        (500, {"error": "server_error"}, True),
        (502, b"<html>Bad gateway</html>", True),
        (504, b"", True),
        (503, b"<html>Unavailable</html>", False),
        (503, {"error": "temporarily_unavailable"}, False),
        (429, {"error": "slow_down"}, False),
        (429, b"", False),
        (302, b"", False),
        (404, {}, False),
    ],
)
def test_only_an_answer_that_may_hide_a_token_is_worth_repeating_at_once(status: int, body: Any, acted: bool) -> None:
    with pytest.raises(NoAnswer) as silence:
        refresh(status, body)
    assert silence.value.acted is acted


def test_a_request_that_never_left_is_not_repeated_and_one_that_was_cut_off_is() -> None:
    with pytest.raises(NoAnswer) as unsent:
        client("http://127.0.0.1:1").refresh(Secret("hidden-token"), timeout=2)
    assert not unsent.value.acted
    with serving(hang_up) as url, pytest.raises(NoAnswer) as cut:
        client(url).refresh(Secret("hidden-token"), timeout=2)
    assert cut.value.acted


def hang_up(request: BaseHTTPRequestHandler) -> None:
    request.rfile.read(int(request.headers["Content-Length"]))
    request.close_connection = True


@pytest.mark.parametrize(("status", "seconds"), [(429, 7), (503, 7), (502, None)])
def test_the_provider_says_how_long_to_wait(status: int, seconds: float | None) -> None:
    with serving(plain(status, b"", Retry_After="7")) as url, pytest.raises(NoAnswer) as silence:
        client(url).refresh(Secret("hidden-token"), timeout=5)
    assert silence.value.retry_after == seconds


def test_no_provider_makes_us_wait_for_a_day() -> None:
    with serving(plain(429, b"", Retry_After="86400")) as url, pytest.raises(NoAnswer) as silence:
        client(url).refresh(Secret("hidden-token"), timeout=5)
    assert silence.value.retry_after == LONGEST_WAIT


def test_a_failed_request_leaves_no_secret_behind(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(NoAnswer) as failure:
        client("http://127.0.0.1:1").refresh(Secret("hidden-old"), timeout=2)
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__
    assert "hidden" not in f"{failure.value} {failure.value.words} {caplog.text}"


def test_debug_logs_hold_no_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    refresh(200, GOOD)
    assert "hidden" not in caplog.text


def test_plain_http_needs_the_operators_word(settings: Any) -> None:
    settings.XO_ALLOW_PRIVATE_HOSTS = []
    with pytest.raises(NoAnswer):
        client("http://provider.example").refresh(Secret("x"), timeout=2)


def test_without_pkce_no_challenge_is_sent() -> None:
    assert "code_challenge" not in client(pkce=False).consent_url("the-state", "a-challenge")


def test_an_authorization_url_may_have_a_query_of_its_own() -> None:
    url = client(authorization_url="https://provider.example/authorize?audience=api").consent_url("the-state")
    assert "audience=api" in url
    assert "state=the-state" in url


def test_parameters_that_stand_in_the_address_are_not_sent_twice() -> None:
    ours = client(
        authorization_url="https://provider.example/authorize?audience=mine&prompt=login&state=theirs&scope=x",
        parameters={"audience": "api", "prompt": "consent"},
    )
    pairs = parse_qs(urlsplit(ours.consent_url("the-state")).query)
    assert (pairs["audience"], pairs["prompt"]) == (["mine"], ["login"])
    assert (pairs["state"], pairs["scope"]) == (["the-state"], ["read write"])


class Seen:
    """The last request that a token endpoint received."""

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        raw = request.rfile.read(int(request.headers.get("Content-Length") or 0)).decode()
        self.method, self.path, self.headers = request.command, request.path, dict(request.headers)
        self.body = {k: v[0] for k, v in parse_qs(raw).items()}
        plain(200, json.dumps(GOOD).encode())(request)


def test_extra_fields_go_where_they_are_told_to() -> None:
    extras = Extras(header={"X-Pin": "1"}, payload={"organization": "acme", "code": "theirs"}, query={"v": "2"})
    with serving(seen := Seen()) as url:
        ours = client(f"{url}", token_url=f"{url}/token?v=1&w=3", extras=extras)
        ours.exchange("the-code", timeout=5)
    assert seen.path == "/token?w=3&v=2"
    assert seen.headers["X-Pin"] == "1"
    assert (seen.body["organization"], seen.body["code"]) == ("acme", "the-code")


def test_an_app_gets_a_token_for_itself() -> None:
    with serving(seen := Seen()) as url:
        assert client(url).client_credentials(timeout=5).access_token.reveal() == "hidden-a"
    assert seen.body == {
        "grant_type": "client_credentials",
        "scope": "read write",
        "client_id": "me",
        "client_secret": "hidden-secret",
    }


@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
def test_user_name_and_password_are_sent_as_the_provider_wants_it(method: str) -> None:
    with serving(seen := Seen()) as url:
        client(url, token_method=method, scopes=()).password("ada", Secret("hidden-pass"), timeout=5)
    sent = seen.body or {k: v[0] for k, v in parse_qs(urlsplit(seen.path).query).items()}
    assert seen.method == method
    assert (sent["grant_type"], sent["username"], sent["password"]) == ("password", "ada", "hidden-pass")
