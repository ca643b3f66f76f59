"""The search for secrets finds them, in whatever form and place they leak."""

from __future__ import annotations

import base64
import json
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
import requests

from .evidence import Evidence, Listener, Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

API_TOKEN = Secret("api_token", 'ATATT3xFfGF0/+4Zb"<x>&=0123456789')
ACCESS_TOKEN = Secret("access_token", f"eyJhbGciOiJSUzI1NiJ9.{'eyJzdWIi' * 6}.{'c2lnbmVk' * 6}")


@pytest.mark.parametrize(
    "leak",
    [
        lambda value: f"the token is {value}!",
        lambda value: f"GET /oauth/token?{urlencode({'token': value})}",
        lambda value: json.dumps({"token": value}),
        lambda value: f'<input value="{escape(value)}">',
        lambda value: "Basic " + base64.b64encode(f"a@b.c:{value}".encode()).decode(),
        lambda value: "Basic " + base64.b64encode(f"ab@b.c:{value}".encode()).decode(),
        lambda value: "Basic " + base64.urlsafe_b64encode(f"abc@b.c:{value}".encode()).decode(),
    ],
    ids=["plain", "address", "json", "html", "basic", "basic, one further", "basic, two further"],
)
@pytest.mark.parametrize("secret", [API_TOKEN, ACCESS_TOKEN], ids=["API token", "JWT"])
def test_a_secret_is_found_however_it_is_written(secret: Secret, leak: Callable[[str], str]) -> None:
    seen = Evidence([("stack.log", leak(secret.value).encode()), ("metrics", b"nothing here")])
    assert seen.leaks([secret]) == [f"{secret.kind} in stack.log"]


def test_half_of_a_jwt_is_a_leak_and_the_header_that_all_have_in_common_is_none() -> None:
    header, payload, signature = ACCESS_TOKEN.value.split(".")
    assert Evidence([("log", f"…{signature}".encode())]).leaks([ACCESS_TOKEN])
    assert Evidence([("log", f"{payload}…".encode())]).leaks([ACCESS_TOKEN])
    assert not Evidence([("log", header.encode())]).leaks([ACCESS_TOKEN])


def test_a_finding_never_shows_the_secret() -> None:
    assert API_TOKEN.value not in str(Evidence([("log", API_TOKEN.value.encode())]).leaks([API_TOKEN]))


def test_files_are_searched_as_bytes_and_without_what_the_sandbox_printed(tmp_path: Path) -> None:
    (tmp_path / "stack.log").write_text(f"12:00:00 sandbox | {API_TOKEN.value}\n12:00:00 web     | all is well\n")
    (tmp_path / "db.sqlite3").write_bytes(b"\xff\x00" + API_TOKEN.value.encode())
    seen = Evidence()
    seen.add_files(tmp_path, "*")
    assert seen.leaks([API_TOKEN]) == ["api_token in db.sqlite3"]
    assert "all is well" in seen.text("stack.log")


def test_to_look_at_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Evidence().add_files(tmp_path, "queue/*")


def answer(url: str, body: str = "", **headers: str) -> requests.Response:
    made = requests.Response()
    made.url, made._content = url, body.encode()
    made.headers.update(headers)
    made.request = requests.Request("GET", url).prepare()
    return made


def test_pages_headers_and_addresses_of_the_product_are_searched() -> None:
    seen = Evidence()
    listen = Listener(seen, "http://ours")
    for url, body, location in [
        ("http://ours/page", API_TOKEN.value, ""),
        ("http://ours/moved", "", f"/?{API_TOKEN.value}"),
        (f"http://ours/asked?{urlencode({'q': API_TOKEN.value})}", "", ""),
        (f"http://ours/oauth/callback/?{urlencode({'code': API_TOKEN.value})}", "", ""),
        ("http://theirs/page", API_TOKEN.value, ""),
    ]:
        listen(answer(url, body, Location=location))
    assert seen.leaks([API_TOKEN]) == [
        "api_token in GET /asked address",
        "api_token in GET /moved headers",
        "api_token in GET /page",
    ]
