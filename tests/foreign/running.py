"""The foreign server as a process of its own, and a browser that walks its pages."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from .clients import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests


@contextmanager
def running(sandbox_url: str, callback: str) -> Iterator[str]:
    """Its address; the process has ended after the block."""
    command = [sys.executable, "-m", "tests.foreign", "--sandbox", sandbox_url, "--callback", callback]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ready "), "the foreign server did not start"
        yield line.removeprefix("ready ").strip()
    finally:
        process.terminate()
        process.wait(timeout=10)


def sign_in(session: requests.Session, authorize_url: str, person: str) -> None:
    """Fills the page that asks who comes."""
    login = session.get(authorize_url, timeout=10)
    form = {**_hidden(login.text), "username": person, "password": PASSWORD}
    _submit(session, login.url, form)


def consent(session: requests.Session, authorize_url: str, person: str, *, accept: bool = True) -> str:
    """Signs in and allows or cancels; the address that the browser would then be sent to."""
    sign_in(session, authorize_url, person)
    page = session.get(authorize_url, allow_redirects=False, timeout=10)
    assert 'name="allow"' in page.text, f"no consent page: {page.status_code} {page.text[:800]}"
    decision = {"allow": "Authorize"} if accept else {}
    decided = _submit(session, authorize_url, {**_hidden(page.text), **decision})
    assert decided.status_code == 302, decided.text[:800]
    return urljoin(authorize_url, decided.headers["Location"])


def _submit(session: requests.Session, url: str, form: dict[str, str]) -> requests.Response:
    return session.post(url, data=form, headers={"Referer": url}, allow_redirects=False, timeout=10)


def _hidden(page: str) -> dict[str, str]:
    """Values of the hidden fields, in whatever order their attributes stand."""
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name.group(1)] = unescape(value.group(1)) if value else ""
    return found
