"""Free requests: written by an App's developers, signed in by its profiles, guarded and recorded like every call."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from integrations import api
from integrations.flows import kept_answers
from integrations.flows.free import tokens
from integrations.models import Action, Connection, OperationCall
from tests.factories import ActionFactory, AppFactory, ConnectionFactory, EndUserFactory, ProfileFactory
from tests.loopback import plain, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from http.server import BaseHTTPRequestHandler

    from django.conf import LazySettings
    from pytest_django import DjangoAssertNumQueries

    from xoplatform.models import App

pytestmark = pytest.mark.django_db


class Server:
    """Answers everything alike and remembers it."""

    def __init__(self) -> None:
        self.url = ""
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = plain(200, b'{"ok": true}')

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.seen.append((request.command, request.path, headers, request.rfile.read(length)))
        self.answer(request)


@pytest.fixture
def server() -> Iterator[Server]:
    kept_answers.forget()
    tokens.forget()
    stand_in = Server()
    with serving(stand_in) as url:
        stand_in.url = url
        yield stand_in


@pytest.fixture
def app() -> App:
    created: App = AppFactory.create()
    return created


@pytest.fixture
def send(server: Server, app: App) -> Callable[..., api.CallResult]:
    def send(
        path: str = "/things", *, end_user_id: int | None = None, cache_for: float = 0, **how: Any
    ) -> api.CallResult:
        options = {key: how.pop(key) for key in ("before_send", "timeout") if key in how}
        method = how.setdefault("method", "GET")
        request = api.FreeRequest(url=how.pop("url", server.url + path), repeatable=method == "GET", **how)
        common: dict[str, Any] = {"timeout": 5, "cache_for": cache_for, **options}
        return api.send_request(app_id=app.pk, end_user_id=end_user_id, request=request, **common)

    return send


def test_it_is_answered_and_can_be_recorded(server: Server, send: Any, app: App) -> None:
    result = send(query={"q": "a b&c", "n": [1, 2], "no": None})
    assert (result.outcome, result.status_code, result.body) == ("answered", 200, {"ok": True})
    assert server.seen[0][:2] == ("GET", "/things?q=a%20b%26c&n=1&n=2")
    api.record_calls([result.record])
    row = OperationCall.objects.get()
    assert (row.app, row.provider, row.method, row.path, row.http_status) == (app, "", "GET", "/things", 200)
    assert row.operation == f"GET {server.url.removeprefix('http://')}"


@pytest.mark.parametrize(
    ("how", "kind", "sent"),
    [
        ({"body_format": "json", "body": {"a": "u"}}, "application/json", '{"a": "u"}'),
        (
            {"body_format": "form", "body": {"a": "ü &", "b": ["1", "2"], "c": None}},
            "application/x-www-form-urlencoded",
            "a=%C3%BC+%26&b=1&b=2",
        ),
        ({"body_format": "xml", "body": "<a>ü</a>"}, "application/xml; charset=utf-8", "<a>ü</a>"),
    ],
)
def test_a_body_goes_in_its_format(server: Server, send: Any, how: dict[str, Any], kind: str, sent: str) -> None:
    send(method="POST", **how)
    _, _, headers, raw = server.seen[0]
    assert headers["content-type"] == kind
    assert raw.decode() == sent


@pytest.mark.parametrize("typed", ["a\r\nX-Evil: 1", "a\nb", "a\x00b"])
def test_a_header_cannot_be_broken_out_of(server: Server, send: Any, typed: str) -> None:
    result = send(headers={"X-Note": typed})
    assert result.outcome == "refused"
    assert "“X-Note” holds a line break" in result.message
    assert server.seen == []


def test_a_private_address_is_refused_in_words(send: Any, settings: LazySettings) -> None:
    settings.XO_ALLOW_PRIVATE_HOSTS = []
    for url in ("https://127.0.0.1:9/x", "https://localhost:9/x", "http://example.com/x", "https://169.254.169.254/"):
        result = send(url=url)
        assert (result.outcome, result.record.status) == ("refused", OperationCall.Status.FAILED)
        assert "may not be reached from here" in result.message
        assert "Nothing was sent" in result.message


def test_a_redirect_is_not_followed(server: Server, send: Any) -> None:
    server.answer = plain(302, b"", Location="https://elsewhere.example/")
    result = send()
    assert (result.status_code, result.headers["location"]) == (302, "https://elsewhere.example/")
    assert len(server.seen) == 1


def test_an_answer_that_is_no_json_is_a_text(server: Server, send: Any) -> None:
    server.answer = plain(200, "<a>ü</a>".encode(), Content_Type="application/xml; charset=utf-8")
    assert send().body == "<a>ü</a>"


# --- Calls that must not be repeated ----------------------------------------------------


def cut(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True


def test_a_lost_answer_of_a_post_is_unknown_and_it_is_not_sent_again(server: Server, send: Any) -> None:
    server.answer = cut
    result = send(method="POST", body={})
    assert result.outcome == "unknown"
    assert "It was not sent again" in result.message
    assert len(server.seen) == 1
    assert OperationCall.objects.get().status == OperationCall.Status.UNKNOWN


def test_a_lost_answer_of_a_get_is_asked_for_once_more(server: Server, send: Any) -> None:
    server.answer = cut
    assert send().outcome == "unreachable"
    assert len(server.seen) == 2


def test_a_post_is_recorded_as_started_before_it_leaves(server: Server, send: Any) -> None:
    started: list[str] = []

    def note(request: BaseHTTPRequestHandler) -> None:
        plain(500, b"{}")(request)

    def before(record: OperationCall) -> None:
        assert server.seen == []
        started.append(record.status)

    server.answer = note
    result = send(method="POST", body={}, before_send=before)
    assert started == [OperationCall.Status.STARTED]
    assert (result.outcome, result.record.status) == ("answered", OperationCall.Status.UNKNOWN)


def test_what_the_caller_raises_stops_it(server: Server, send: Any) -> None:
    def stop(_record: OperationCall) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        send(method="POST", before_send=stop)
    assert server.seen == []


# --- Signing in -------------------------------------------------------------------------


def test_a_basic_profile_sends_its_user_name_and_password_and_shows_neither(
    server: Server, send: Any, app: App
) -> None:
    ProfileFactory(app=app, name="Ours", type="basic", client_id="ann", client_secret="hidden-pass-1")
    pair = base64.b64encode(b"ann:hidden-pass-1").decode()
    server.answer = plain(200, json.dumps({"you": f"Basic {pair}", "p": "hidden-pass-1"}).encode())
    result = send(profile="Ours")
    assert server.seen[0][2]["authorization"] == f"Basic {pair}"
    shown = f"{result.body} {result.trace} {result.record.request} {result.record.response}"
    assert "hidden-pass-1" not in shown
    assert pair not in shown


def test_a_key_goes_where_the_profile_puts_it(server: Server, send: Any, app: App) -> None:
    fields = [
        {"type": "header", "key": "X-Key", "value": "{{apikey}}"},
        {"type": "query", "key": "k", "value": "{{apikey}}"},
        {"type": "payload", "key": "p", "value": "{{apikey}}"},
    ]
    ProfileFactory(
        app=app, name="Key", type="api_key", client_id="", client_secret="hidden-key", authorization_fields=fields
    )
    result = send("/x?a=1", method="POST", body={"b": 2}, profile="Key")
    _, path, headers, raw = server.seen[0]
    assert (path, headers["x-key"], json.loads(raw)) == (
        "/x?a=1&k=hidden-key",
        "hidden-key",
        {"b": 2, "p": "hidden-key"},
    )
    assert "authorization" not in headers
    assert "hidden-key" not in f"{result.trace} {result.record.request} {result.record.path}"


def test_a_key_without_a_place_is_a_bearer_token(server: Server, send: Any, app: App) -> None:
    ProfileFactory(app=app, name="Key", type="api_key", client_id="", client_secret="hidden-key")
    send(profile="Key")
    assert server.seen[0][2]["authorization"] == "Bearer hidden-key"


def test_a_client_gets_its_token_once_and_anew_when_it_is_refused(server: Server, send: Any, app: App) -> None:
    given: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.path == "/token":
            given.append(f"hidden-token-{len(given)}")
            plain(200, json.dumps({"access_token": given[-1], "token_type": "bearer", "expires_in": 3600}).encode())(
                request
            )
        else:
            wanted = f"Bearer {given[-1]}" if len(given) != 1 or len(server.seen) < 5 else "none"
            plain(200 if request.headers["Authorization"] == wanted else 401, b"{}")(request)

    server.answer = answer
    ProfileFactory(app=app, name="Client", type="client_credentials", token_url=f"{server.url}/token")
    assert [send(profile="Client").status_code for _ in range(3)] == [200, 200, 200]
    assert len(given) == 1
    assert send(profile="Client").status_code == 200
    assert len(given) == 2


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (None, "There is no authorization profile “Ours”"),
        ({"type": "basic", "client_id": ""}, "its user name or password"),
        ({"type": "api_key", "client_secret": ""}, "its key"),
        ({"type": "oauth2"}, "no action of the App uses it"),
        ({"type": "password_grant"}, "no action of the App uses it"),
    ],
)
def test_a_profile_that_cannot_sign_in_says_why(
    server: Server, send: Any, app: App, profile: dict[str, Any] | None, words: str
) -> None:
    if profile is not None:
        ProfileFactory(app=app, name="Ours", **profile)
    result = send(profile="Ours")
    assert result.outcome == "refused"
    assert words in result.message
    assert server.seen == []


def test_another_apps_profile_is_none(send: Any) -> None:
    ProfileFactory(name="Theirs", type="api_key")
    assert "There is no authorization profile" in send(profile="Theirs").message


class TestWithAConsent:
    """A profile that people consent to: its grants go to their own site, and to nobody else."""

    @pytest.fixture(autouse=True)
    def _granted(self, app: App, server: Server, settings: LazySettings) -> None:
        settings.XO_ATLASSIAN_API_URL = server.url
        profile = ProfileFactory(app=app, name="Custom", type="oauth2")
        self.action = ActionFactory(app=app, enabled=True, profile=profile, card=Action.Card.CUSTOM)
        self.row: Connection = ConnectionFactory(action=self.action)

    def test_the_grant_is_used_at_its_own_site(self, server: Server, send: Any) -> None:
        result = send("/ex/jira/site-acme/rest/api/3/myself", profile="Custom")
        assert server.seen[0][2]["authorization"] == f"Bearer {self.row.access_token.reveal()}"
        assert result.record.connection_id == self.row.pk
        assert result.trace["connection"]["owner"] == "the App"

    @pytest.mark.parametrize(
        "path",
        [
            "/ex/jira/other/rest/api/3/myself",
            "/ex/jira/site-acmeX/rest",
            "/ex/jira/site-acme/../other/rest",
            "/ex/jira/site-acme/%2e%2E/other/rest",
            "/",
        ],
    )
    def test_it_goes_to_no_other_place(self, server: Server, send: Any, path: str) -> None:
        result = send(path, profile="Custom")
        assert result.outcome == "refused"
        assert "could keep the authorization" in result.message
        assert server.seen == []

    def test_it_goes_to_no_other_host(self, server: Server, send: Any) -> None:
        other = server.url.replace("127.0.0.1", "localhost")
        assert send(url=f"{other}/ex/jira/site-acme/x", profile="Custom").outcome == "refused"
        assert server.seen == []

    def test_one_persons_grant_is_not_used_for_another(self, server: Server, send: Any, app: App) -> None:
        Action.objects.update(authorization_type=Action.AuthorizationType.ALLOW_USERS)
        ada, ben = EndUserFactory(app=app), EndUserFactory(app=app)
        hers = ConnectionFactory(action=self.action, end_user=ada)
        path = "/ex/jira/site-acme/rest/api/3/myself"
        assert send(path, profile="Custom", end_user_id=ada.pk).outcome == "answered"
        assert server.seen[0][2]["authorization"] == f"Bearer {hers.access_token.reveal()}"
        refused = send(path, profile="Custom", end_user_id=ben.pk)
        assert (refused.outcome, refused.provider) == ("authorization_required", "jira")
        assert len(server.seen) == 1


# --- Answers that are kept --------------------------------------------------------------


def test_an_answer_is_kept_for_as_long_as_the_node_says(
    server: Server, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = send(cache_for=60)
    first.body["ok"] = "changed by a conversation"
    second = send(cache_for=60)
    assert (second.body, second.record) == ({"ok": True}, None)
    later = kept_answers.now() + 61
    monkeypatch.setattr(kept_answers, "now", lambda: later)
    send(cache_for=60)
    assert len(server.seen) == 2


def test_a_kept_answer_is_for_the_same_person_and_request_only(server: Server, send: Any, app: App) -> None:
    ada, ben = EndUserFactory(app=app), EndUserFactory(app=app)
    for end_user_id, query in ((ada.pk, {"a": 1}), (ben.pk, {"a": 1}), (ada.pk, {"a": 2}), (ada.pk, {"a": 1})):
        send(cache_for=60, end_user_id=end_user_id, query=query)
    assert len(server.seen) == 3


def test_neither_errors_nor_changes_are_kept(server: Server, send: Any) -> None:
    send(cache_for=60, method="POST", body={})
    send(cache_for=60, method="POST", body={})
    server.answer = plain(500, b"{}")
    send(cache_for=60)
    send(cache_for=60)
    assert len(server.seen) == 4


def test_a_changed_profile_makes_another_key(server: Server, send: Any, app: App) -> None:
    profile = ProfileFactory(app=app, name="Key", type="api_key", client_secret="hidden-key")
    send(profile="Key", cache_for=60)
    profile.client_secret = "hidden-other"
    profile.save()
    send(profile="Key", cache_for=60)
    assert len(server.seen) == 2


def test_a_request_without_a_profile_asks_the_database_nothing(
    send: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        send()
