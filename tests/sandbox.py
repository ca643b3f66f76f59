"""The stand-in Atlassian as a fixture, and a browser that walks its pages."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-secret"
CALLBACK_URL = "http://127.0.0.1:8000/oauth/callback/"
SCOPES = "read:jira-work write:jira-work read:jira-user read:me offline_access"


class Sandbox:
    """A running stand-in: what tests order from it and read of it."""

    client_id = CLIENT_ID
    client_secret = CLIENT_SECRET

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = requests.Session()

    def reset(self) -> None:
        """Everything back to the start: people, sites, issues, clock, switches, faults, counts."""
        self._post("reset")

    def advance(self, seconds: float) -> None:
        """Moves the sandbox's clock on."""
        self._post("clock", advance=seconds)

    def switch(self, **values: Any) -> None:
        """Sets switches, such as `profile="strict"` or `index_lag_seconds=60`."""
        self._post("switches", **values)

    def fault(self, kind: str, on: str = "*", *, times: int | None = 1, **details: Any) -> None:
        """Orders a trouble for the next `times` requests of an operationId, an endpoint or a group."""
        self._post("faults", kind=kind, on=on, times=times, **details)

    def lift_faults(self) -> None:
        self._http.delete(self._address("faults"), timeout=10).raise_for_status()

    def counts(self) -> dict[str, Any]:
        """`requests` by name, token exchanges by `families`, `violations` and `warnings`."""
        found: dict[str, Any] = self._get("counts")
        return found

    def forget_counts(self) -> None:
        self._http.delete(self._address("counts"), timeout=10).raise_for_status()

    def exchanges(self) -> int:
        """How many refreshes have succeeded since the last reset, over all families."""
        return sum(family["refreshes"] for family in self.counts()["families"].values())

    def issues(self, site: str = "acme") -> list[dict[str, Any]]:
        """The issues of a site as they are, whoever may see them."""
        return [issue for issue in self._get("issues") if issue["site"] == site]

    def issue(self, key: str) -> dict[str, Any] | None:
        return next((issue for issue in self._get("issues") if issue["key"] == key), None)

    def grants(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._get("grants")
        return found

    def grant(self, person: str = "ada", sites: Sequence[str] = ("acme",), **values: Any) -> dict[str, Any]:
        """The token answer of a consent that nobody had to click through."""
        return self._post("grants", person=person, sites=list(sites), **values)

    def refresh_token(self, value: str = "", *, digest: str = "") -> dict[str, Any]:
        """What the provider knows of a refresh token: `known`, `current`, `accepted`, `trouble`, `family`, `sites`."""
        return self._post("refresh-tokens", **({"digest": digest} if digest else {"token": value}))

    def refresh_tokens(self) -> list[dict[str, Any]]:
        """The same of every refresh token since the last reset."""
        found: list[dict[str, Any]] = self._get("refresh-tokens")
        return found

    def access_token(self, value: str = "", *, digest: str = "") -> dict[str, Any]:
        """What the provider knows of an access token: `known`, `lives` (seconds), `account_id`, `sites`."""
        return self._post("access-tokens", **({"digest": digest} if digest else {"token": value}))

    def exchanged(self) -> list[dict[str, Any]]:
        """Every refresh of a known token since the last reset, whether or not its answer arrived; refused with why."""
        found: list[dict[str, Any]] = self._get("exchanges")
        return found

    def issued(self) -> list[dict[str, str]]:
        """Every secret that was given out since the last reset, with its kind, in plain text."""
        found: list[dict[str, str]] = self._get("issued")
        return found

    def revoke(self, person: str = "ada") -> None:
        """The person ends the app's access under Connected apps."""
        self._post("grants/revoke", person=person)

    def uninstall(self, site: str = "acme") -> None:
        """The administrator removes the app from a site."""
        self._post("uninstall", site=site)

    def move_issue(self, key: str, to: str) -> str:
        """Moves an issue to another project; its new key."""
        return str(self._post("move", key=key, to=to)["key"])

    def set_callback(self, url: str) -> None:
        """Registers another callback URL for the app; a reset takes it back."""
        self._post("clients", callback_url=url)

    def set_client(self, **values: Any) -> dict[str, Any]:
        """Registers an app or changes it: `mode="resource"`, `client_secret=…`, `shared=False`, `owner=…`."""
        return self._post("clients", **values)

    def set_site(self, name: str, **values: Any) -> dict[str, Any]:
        return self._post("sites", name=name, **values)

    def set_project(self, key: str, *, site: str = "acme", **values: Any) -> dict[str, Any]:
        return self._post("projects", key=key, site=site, **values)

    def set_person(self, key: str, **values: Any) -> dict[str, Any]:
        return self._post("people", key=key, **values)

    def api_token(self, person: str = "ada", **values: Any) -> str:
        """A new API token for Basic authentication."""
        return str(self._post("api-tokens", person=person, **values)["token"])

    def cloud_id(self, site: str = "acme") -> str:
        answer = self._http.get(f"{self.url}/site/{site}/_edge/tenant_info", timeout=10)
        return str(answer.json()["cloudId"])

    def consent(
        self, authorize_url: str, *, person: str = "ada", sites: Sequence[str] = ("acme",), accept: bool = True
    ) -> str:
        """Signs in, picks sites and accepts or cancels; the address to which the browser would then be sent."""
        return Browser(self.url).consent(authorize_url, person=person, sites=sites, accept=accept)

    def _address(self, path: str) -> str:
        return f"{self.url}/_sandbox/{path}"

    def _get(self, path: str) -> Any:
        answer = self._http.get(self._address(path), timeout=10)
        answer.raise_for_status()
        return answer.json()

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self._http.post(self._address(path), json=body, timeout=10)
        assert answer.ok, answer.text
        found: Any = answer.json()
        return found if isinstance(found, dict) else {"items": found}


class ConsentFailedError(AssertionError):
    """The stand-in showed a page instead of sending the browser back; `page` is its text."""

    def __init__(self, page: str) -> None:
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main", 1)[-1]))
        super().__init__(words)
        self.page = page


class Browser:
    """One browser: keeps its cookies, follows redirects on the stand-in only."""

    def __init__(self, sandbox_url: str) -> None:
        self._sandbox = sandbox_url
        self._http = requests.Session()

    def consent(
        self, authorize_url: str, *, person: str = "ada", sites: Sequence[str] = ("acme",), accept: bool = True
    ) -> str:
        """As `Sandbox.consent`. Raises ConsentFailedError when a page ends the journey."""
        login = self._get(authorize_url)
        form = {"person": person, "continue": _value(login.text, "continue")}
        self._post(f"{self._sandbox}/login", form)
        consent = self._get(authorize_url)
        if 'value="accept"' not in consent.text:
            raise ConsentFailedError(consent.text)
        choice = "accept" if accept else "cancel"
        decided = self._post(authorize_url, {"action": choice, "site": list(sites)})
        if decided.status_code != 302:
            raise ConsentFailedError(decided.text)
        return decided.headers["Location"]

    def _get(self, address: str) -> requests.Response:
        answer = self._http.get(address, allow_redirects=False, timeout=10)
        while answer.is_redirect:
            there = urljoin(address, answer.headers["Location"])
            assert there.startswith(self._sandbox), "the browser was sent away before anybody decided"
            answer = self._http.get(there, allow_redirects=False, timeout=10)
        return answer

    def _post(self, address: str, form: dict[str, Any]) -> requests.Response:
        return self._http.post(address, data=form, allow_redirects=False, timeout=10)


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return unescape(found.group(1)) if found else ""


def start(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    """A stand-in in a process of its own on a free port; the process and its address."""
    command = [sys.executable, "-m", "integrations.sandbox.atlassian", "--port", "0", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("ready "), "the stand-in did not start"
    return process, line.removeprefix("ready ").strip()


class _Shared:
    """One stand-in for everybody who holds it. Each module that imports a fixture has an instance of it."""

    def __init__(self) -> None:
        self._holders = 0

    def __enter__(self) -> Sandbox:
        if not self._holders:
            self._process, url = start()
            self._sandbox = Sandbox(url)
        self._holders += 1
        return self._sandbox

    def __exit__(self, *_error: object) -> None:
        self._holders -= 1
        if not self._holders:
            self._process.terminate()
            self._process.wait(timeout=10)


_shared = _Shared()


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[Sandbox]:
    """One stand-in for the whole run (per worker), on a free port."""
    with _shared as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Sandbox:
    """The stand-in, as new for every test."""
    sandbox_process.reset()
    return sandbox_process
