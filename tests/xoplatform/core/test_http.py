from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
import requests

from tests.loopback import plain, serving
from xoplatform.core import http

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

    from django.conf import LazySettings


def test_an_answer_is_read() -> None:
    with serving(plain(body=b'{"a": 1}')) as url:
        assert http.session().get(url).json() == {"a": 1}


def test_a_loopback_address_is_refused_unless_the_operator_allows_it(settings: LazySettings) -> None:
    settings.XO_ALLOW_PRIVATE_HOSTS = []
    with pytest.raises(requests.RequestException) as refusal:
        http.session().get("https://127.0.0.1:1/")
    assert http.never_left(refusal.value)


def test_plain_http_is_refused_unless_the_operator_allows_the_host(settings: LazySettings) -> None:
    settings.XO_ALLOW_PRIVATE_HOSTS = []
    with pytest.raises(http.AddressRefused):
        http.session().get("http://example.com/")


@pytest.mark.parametrize("allowed", ["*", "127.0.0.1", "127.0.0.1:{port}"])
def test_the_operator_allows_a_host_in_three_ways(settings: LazySettings, allowed: str) -> None:
    with serving(plain(body=b"ok")) as url:
        settings.XO_ALLOW_PRIVATE_HOSTS = [allowed.format(port=url.rsplit(":", 1)[1])]
        assert http.session().get(url).text == "ok"


def test_an_address_in_a_setting_of_the_operator_is_allowed_and_nothing_beside_it(settings: LazySettings) -> None:
    settings.XO_ALLOW_PRIVATE_HOSTS = []
    http.trust_setting("XO_TRUSTED_FOR_THIS_TEST")
    with serving(plain(body=b"ok")) as url:
        settings.XO_TRUSTED_FOR_THIS_TEST = f"{url}/base"
        assert http.session().get(f"{url}/other").text == "ok"
        with serving(plain()) as other, pytest.raises(http.AddressRefused):
            http.session().get(other)


def test_another_port_of_an_allowed_address_is_refused(settings: LazySettings) -> None:
    settings.XO_ALLOW_PRIVATE_HOSTS = ["127.0.0.1:9"]
    with serving(plain()) as url, pytest.raises(http.AddressRefused):
        http.session().get(url)


def test_an_answer_over_the_limit_is_given_up() -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            while True:
                request.wfile.write(b"x" * 65536)
        except OSError:
            request.close_connection = True

    with serving(endless) as url, pytest.raises(http.AnswerTooLarge):
        http.session().get(url)


def test_an_answer_that_trickles_ends_with_the_deadline() -> None:
    go_on = threading.Event()

    def trickling(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            while not go_on.wait(0.05):
                request.wfile.write(b"x")
                request.wfile.flush()
        except OSError:
            request.close_connection = True

    with serving(trickling) as url:
        with pytest.raises(requests.Timeout):
            http.session().get(url, timeout=0.4)
        go_on.set()


def test_an_answer_that_breaks_off_is_an_error() -> None:
    def broken(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100")
        request.end_headers()
        request.wfile.write(b"half")
        request.close_connection = True

    with serving(broken) as url, pytest.raises(requests.ConnectionError) as error:
        http.session().get(url)
    assert not http.never_left(error.value)


def test_a_redirect_is_not_followed() -> None:
    with serving(plain(302, Location="http://127.0.0.1:1/")) as url:
        assert http.session().get(url).status_code == 302


def test_cookies_are_not_kept() -> None:
    with serving(plain(Set_Cookie="person=ada; Path=/")) as url:
        http.session().get(url)
    assert not http.session().cookies


def test_a_connection_is_used_again() -> None:
    ports: set[int] = set()

    def note(request: BaseHTTPRequestHandler) -> None:
        ports.add(request.client_address[1])
        plain(body=b"ok")(request)

    with serving(note) as url:
        for _ in range(3):
            http.session().get(url)
    assert len(ports) == 1


def test_nothing_listens_means_nothing_left() -> None:
    with pytest.raises(requests.ConnectionError) as error:
        http.session().get("http://127.0.0.1:1/")
    assert http.never_left(error.value)
