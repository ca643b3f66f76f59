"""The dialog that every subject runs: Create an Issue in five turns, one of them a mistake."""

from __future__ import annotations

import json
import re
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from .pool import Pool
from .stub import SITE_ID

MESSAGES = ["create an issue", "not a key!", "DEMO", "Printer on fire", "Task"]
LAST_REPLY_HOLDS = "DEMO-1"
PROJECT_KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}$")


class Provider:
    """Keep-alive calls without a library: the least that any subject could do."""

    def __init__(self, url: str) -> None:
        netloc = urlsplit(url).netloc
        self._connections = Pool(lambda: HTTPConnection(netloc))

    def call(self, method: str, path: str, body: Any = None) -> Any:
        payload = None if body is None else json.dumps(body)
        headers = {"Authorization": "Bearer bench", "Content-Type": "application/json"}
        connection = self._connections.take()
        connection.request(method, path, payload, headers)
        answer = json.loads(connection.getresponse().read())
        self._connections.give_back(connection)
        return answer


def step(state: dict[str, Any], text: str, provider: Provider) -> tuple[dict[str, Any], str]:
    """One turn written by hand: the new state and the reply."""
    waiting = state.get("waiting")
    if waiting is None:
        return {"waiting": "projectKey"}, "Which project?"
    if waiting == "projectKey":
        if not PROJECT_KEY.match(text):
            return state, "That is not a project key. Which project?"
        return {"waiting": "summary", "projectKey": text}, "What is it about?"
    if waiting == "summary":
        return {**state, "waiting": "issueTypeName", "summary": text}, "Which type?"
    return {}, create(provider, state["projectKey"], state["summary"], text)


def create(provider: Provider, project_key: str, summary: str, issue_type: str) -> str:
    """The three calls of the last turn, and what is said then."""
    base = f"/ex/jira/{SITE_ID}/rest/api/3/issue"
    provider.call("GET", "/oauth/token/accessible-resources")
    fields = {"project": {"key": project_key}, "summary": summary, "issuetype": {"name": issue_type}}
    created = provider.call("POST", base, {"fields": fields})
    issue = provider.call("GET", f"{base}/{created['key']}")
    return f"Created {issue['key']}: {issue['fields']['summary']}"
