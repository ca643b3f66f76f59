"""An exchange without preparation: on the wire it is what `requests` would have sent, and every guard holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.loopback import serving
from xoplatform.core import http
from xoplatform.core.exchange import Outgoing, exchange

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

    from django.conf import LazySettings

SENT: dict[str, dict[str, Any]] = {
    "a question": {"method": "GET"},
    "JSON": {"method": "POST", "json": {"summary": "Drucker brennt \u2013 \U0001f525", "n": [1, None]}},
    "an empty mapping": {"method": "PUT", "json": {}},
    "a text": {"method": "PUT", "data": b"<a/>", "headers": {"Content-Type": "application/xml"}},
    "nothing to a POST": {"method": "POST"},
    "a deletion": {"method": "DELETE"},
    "own headers": {"method": "GET", "headers": {"X-Own": "1", "Accept": "application/json"}},
}


def signed(request: requests.PreparedRequest) -> requests.PreparedRequest:
    request.headers["Authorization"] = "Bearer t"
    return request


class Seen:
    """A server that keeps what came."""

    def __init__(self) -> None:
        self.requests: list[tuple[Any, ...]] = []

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.requests.append((handler.command, handler.path, headers, body))
        handler.send_response(200)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"ok")


@pytest.mark.parametrize("name", SENT)
def test_the_same_leaves_as_with_a_session(name: str) -> None:
    options = {"headers": {}, **SENT[name]}
    seen = Seen()
    with serving(seen) as url:
        target = f"{url}/rest/api/3/search?jql=project%20%3D%20DEMO&fields=a,b"
        assert exchange(Outgoing(url=target, auth=signed, **options), timeout=5).text == "ok"
        http.session().request(url=target, auth=signed, timeout=5, **options)
    ours, theirs = seen.requests
    assert ours == theirs


def test_an_address_that_has_to_be_quoted_is(settings: LazySettings) -> None:
    seen = Seen()
    with serving(seen) as url:
        exchange(Outgoing("GET", f"{url}/a b\u00e9"))
    assert seen.requests[0][1] == "/a%20b%C3%A9"


def test_a_private_address_is_refused(settings: LazySettings) -> None:
    settings.XO_ALLOW_PRIVATE_HOSTS = []
    with pytest.raises(requests.RequestException) as refusal:
        exchange(Outgoing("GET", "https://127.0.0.1:1/"))
    assert http.never_left(refusal.value)


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", " leading"])
def test_a_header_that_is_none_never_leaves(value: str) -> None:
    with pytest.raises(http.NetworkError) as refusal:
        exchange(Outgoing("GET", "https://example.com/", headers={"X-Own": value}))
    assert http.never_left(refusal.value)


def test_a_number_that_json_has_not_never_leaves() -> None:
    with pytest.raises(http.NetworkError) as refusal:
        exchange(Outgoing("POST", "https://example.com/", json={"n": float("nan")}))
    assert http.never_left(refusal.value)
