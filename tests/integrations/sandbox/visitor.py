"""An app and its person in front of the stand-in, by Flask's test client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from integrations.sandbox.atlassian.state.records import digest
from integrations.sandbox.atlassian.state.world import DefaultClient, World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask
    from werkzeug.test import TestResponse

APP = DefaultClient()
SCOPES = "read:jira-work write:jira-work read:jira-user read:me offline_access"
ACME = "11111111-2222-4333-8444-555555555555"
GLOBEX = "21111111-2222-4333-8444-555555555555"


def document(words: str) -> dict[str, Any]:
    """A paragraph as an Atlassian document."""
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": words}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}


def services(*names: str) -> dict[str, Any]:
    """The field that every issue in OPS must have."""
    return {"customfield_10031": [{"value": name} for name in names]}


class Visitor:
    """Walks the pages, exchanges codes and calls Jira."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http = app.test_client()
        self.world: World = app.extensions["sandbox"]
        self.access_token = ""
        self.cloud_id = ACME

    def address(self, **changes: Any) -> str:
        """The authorization address with the documented parameters, some of them changed or (None) left out."""
        usual: dict[str, str | None] = {
            "audience": "api.atlassian.com",
            "client_id": APP.client_id,
            "scope": SCOPES,
            "redirect_uri": APP.callback_url,
            "state": "s1",
            "response_type": "code",
            "prompt": "consent",
        }
        given = {name: value for name, value in {**usual, **changes}.items() if value is not None}
        return f"/authorize?{urlencode(given)}"

    def sign_in(self, person: str) -> None:
        self.http.post("/login", data={"person": person})

    def page(self, person: str = "ada", **changes: Any) -> TestResponse:
        """What the person sees when the app sends them to Atlassian."""
        self.sign_in(person)
        return self.http.get(self.address(**changes))

    def decide(self, *sites: str, action: str = "accept", **changes: Any) -> TestResponse:
        return self.http.post(self.address(**changes), data={"action": action, "site": list(sites)})

    def code(self, person: str = "ada", sites: Sequence[str] = ("acme",), **changes: Any) -> str:
        """A fresh code of a consent."""
        self.sign_in(person)
        return query(self.decide(*sites, **changes))["code"]

    def token(self, **body: str) -> TestResponse:
        """A request to the token endpoint, as JSON with the app's credentials."""
        return self.http.post("/oauth/token", json=credentials(**body))

    def exchange(self, code: str, **body: str) -> TestResponse:
        usual = {"grant_type": "authorization_code", "redirect_uri": APP.callback_url}
        return self.token(**{**usual, "code": code, **body})

    def refresh(self, refresh_token: str, **body: str) -> TestResponse:
        return self.token(grant_type="refresh_token", refresh_token=refresh_token, **body)

    def tokens(self, person: str = "ada", sites: Sequence[str] = ("acme",), **changes: Any) -> dict[str, Any]:
        """The tokens of a fresh consent."""
        answer = self.exchange(self.code(person, sites, **changes))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def become(self, person: str = "ada", sites: Sequence[str] = ("acme",), **changes: Any) -> Visitor:
        """Consents, and keeps the access token for the calls that follow."""
        self.access_token = self.tokens(person, sites, **changes)["access_token"]
        return self

    def api(self, path: str, **options: Any) -> TestResponse:
        """A GET at the gateway itself."""
        return self.http.get(path, headers=self._bearer(), **options)

    def jira(self, method: str, path: str, **options: Any) -> TestResponse:
        """A call of Jira through the gateway."""
        address = f"/ex/jira/{self.cloud_id}/rest/api/3/{path}"
        return self.http.open(address, method=method, headers=self._bearer(), **options)

    def create(self, summary: str = "Water the plants", **fields: Any) -> TestResponse:
        usual = {"project": {"key": "DEMO"}, "issuetype": {"id": "10001"}, "summary": summary}
        return self.jira("POST", "issue", json={"fields": {**usual, **fields}})

    def search(self, jql: str, **parameters: Any) -> TestResponse:
        return self.jira("GET", "search/jql", query_string={"jql": jql, **parameters})

    def keys(self, jql: str) -> list[str]:
        """The keys a query finds, in its order."""
        answer = self.search(jql, fields="summary")
        assert answer.status_code == 200, answer.text
        return [issue["key"] for issue in answer.get_json()["issues"]]

    def control(self, path: str, **body: Any) -> Any:
        answer = self.http.post(f"/_sandbox/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def fault(self, kind: str, on: str, **details: Any) -> None:
        self.control("faults", kind=kind, on=on, **details)

    def family_of(self, token: dict[str, Any]) -> str:
        """The family of an access token, to look up its counts."""
        found = self.world.access_tokens.get(digest(token["access_token"]))
        assert found is not None
        return found.family

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access_token}"}


def credentials(**body: str) -> dict[str, str]:
    return {"client_id": APP.client_id, "client_secret": APP.client_secret, **body}


def query(response: TestResponse) -> dict[str, str]:
    """The parameters with which the browser is sent to the app's callback."""
    assert response.status_code == 302, response.text
    assert response.location.startswith(f"{APP.callback_url}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(response.location).query).items()}
