"""The stand-in as others meet it: a process with an address."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from tests.sandbox import CALLBACK_URL, CLIENT_ID, CLIENT_SECRET, SCOPES, ConsentFailedError, Sandbox, start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    process, url = start()
    yield Sandbox(url)
    process.terminate()
    process.wait(timeout=10)


def authorize_url(sandbox: Sandbox, **changes: str) -> str:
    asked = {
        "audience": "api.atlassian.com",
        "client_id": CLIENT_ID,
        "scope": SCOPES,
        "redirect_uri": CALLBACK_URL,
        "state": "s1",
        "response_type": "code",
        "prompt": "consent",
    }
    return f"{sandbox.url}/authorize?{urlencode({**asked, **changes})}"


def tokens(sandbox: Sandbox) -> dict[str, str]:
    code = parse_qs(urlsplit(sandbox.consent(authorize_url(sandbox))).query)["code"][0]
    return post(sandbox, grant_type="authorization_code", code=code, redirect_uri=CALLBACK_URL)


def post(sandbox: Sandbox, **body: str) -> dict[str, str]:
    credentials = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    answer = requests.post(f"{sandbox.url}/oauth/token", json={**credentials, **body}, timeout=10)
    found: dict[str, str] = answer.json()
    return found


def test_a_consent_leads_to_the_callback(running: Sandbox) -> None:
    running.reset()
    assert running.consent(authorize_url(running)).startswith(f"{CALLBACK_URL}?code=")
    assert "error=access_denied" in running.consent(authorize_url(running), accept=False)


def test_a_page_that_ends_the_journey_is_told(running: Sandbox) -> None:
    with pytest.raises(ConsentFailedError, match="Callback URL mismatch"):
        running.consent(authorize_url(running, redirect_uri="http://127.0.0.1/other"))


def test_a_cut_connection_is_a_connection_error_and_the_token_still_good(running: Sandbox) -> None:
    running.reset()
    token = tokens(running)["refresh_token"]
    running.fault("cut_after", "token.refresh")
    with pytest.raises(requests.ConnectionError):
        post(running, grant_type="refresh_token", refresh_token=token)
    assert "refresh_token" in post(running, grant_type="refresh_token", refresh_token=token)
    assert running.exchanges() == 2


def test_half_an_answer_is_an_incomplete_one(running: Sandbox) -> None:
    running.reset()
    running.fault("half", "getServerInfo")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        requests.get(f"{running.url}/site/acme/rest/api/3/serverInfo", timeout=10)


def test_a_slow_answer_runs_into_the_time_out(running: Sandbox) -> None:
    running.reset()
    running.fault("delay", "getServerInfo", seconds=30)
    with pytest.raises(requests.Timeout):
        requests.get(f"{running.url}/site/acme/rest/api/3/serverInfo", timeout=0.2)
    running.lift_faults()


def test_the_scene_can_be_set_and_looked_behind(running: Sandbox) -> None:
    running.reset()
    running.switch(profile="strict")
    running.set_project("DEMO", denied={"ben": ["CREATE_ISSUES"]})
    running.set_site("acme", plan="UNLICENSED")
    assert running.move_issue("DEMO-1", to="OPS") == "OPS-2"
    assert "DEMO-2" in [issue["key"] for issue in running.issues()]
    found = running.issue("OPS-1")
    assert found is not None
    assert found["summary"] == "Renew the certificate"
    running.uninstall()
    running.forget_counts()
    assert running.counts()["requests"] == {}
    assert running.api_token()
    assert running.grants() == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_at_a_signal_and_keeps_its_state(tmp_path: Path, how: signal.Signals) -> None:
    arguments = ("--state", str(tmp_path / "state.sqlite3"))
    process, url = start(*arguments)
    token = tokens(Sandbox(url))["refresh_token"]
    process.send_signal(how)
    assert process.wait(timeout=10) == 0
    process, url = start(*arguments)
    assert "refresh_token" in post(Sandbox(url), grant_type="refresh_token", refresh_token=token)
    process.terminate()
    assert process.wait(timeout=10) == 0
