"""The demo's job through the REST API alone; a person only signs in at the provider, on the page that the API names."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from typing import TYPE_CHECKING, Any

import requests

from .demo import PATIENCE, PERSON, SITE, TEMPLATES, Demo, expect

if TYPE_CHECKING:
    from collections.abc import Mapping

APP = "demo"
SCOPES = ("chat", "people", "configuration")


def new_key(environment: Mapping[str, str]) -> str:
    """A key for a day, made as an operator makes one; or the one in XO_DEMO_KEY."""
    if given := environment.get("XO_DEMO_KEY"):
        return given
    command = [sys.executable, "manage.py", "create_api_key", APP, f"Demo {uuid.uuid4().hex[:8]}", "--days", "1"]
    command += [part for scope in SCOPES for part in ("--scope", scope)]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


class ApiDemo(Demo):
    """``afresh``: takes away first what the App has of the provider, so that all of it is set up here."""

    def __init__(self, environment: Mapping[str, str], sandbox_url: str, sign_in: tuple[str, str], *, afresh: bool):
        super().__init__(environment["XO_BASE_URL"], sandbox_url, sign_in)
        self.root = f"{environment['XO_BASE_URL']}/api/v1/apps/{APP}"
        self.api = requests.Session()
        self.api.headers["Authorization"] = f"Bearer {new_key(environment)}"
        self.afresh = afresh
        self.person = f"demo-{uuid.uuid4().hex[:8]}"

    def call(self, method: str, path: str, body: Any = None, *, status: tuple[int, ...] = (200,)) -> Any:
        """The answer's body. Raises DemoError for another status."""
        url = path if path.startswith("http") else f"{self.root}/{path}"
        answer = self.api.request(method, url, json=body, timeout=60)
        expect(answer.status_code in status, f"{method} {path} was answered {answer.status_code}: {answer.text[:1000]}")
        return answer.json() if answer.content else None

    def enter(self) -> str:
        app = self.call("GET", "")
        if self.afresh:
            for task in self.call("GET", "tasks/?provider=jira&limit=200")["items"]:
                self.call("DELETE", f"tasks/{task['id']}/", status=(204,))
            self.call("DELETE", "actions/jira/", status=(204,))
        return f"a key opens {app['name']}" + (", which was set back" if self.afresh else "")

    def authorize(self) -> str:
        chosen = {"authorization_type": "pre_authorize", "method": "oauth", "card": "system", "edition": "developer"}
        self.call("PATCH", "actions/jira/", chosen)
        address = self.call("GET", "actions/jira/consent/")["address"]
        super().enter()
        self.consent_at(address)
        held = self.call("GET", "actions/jira/")["connection"]
        expect(held and held["account_name"] == PERSON, f"the API tells of the connection: {held}")
        return f"JIRA configured; {PERSON} allowed it on the page that the API named, site {SITE}"

    def enable(self) -> str:
        told = self.call("POST", "actions/jira/enable/", {})["action"]
        expect(told["status"] == "enabled", f"after enabling the action is {told['status']}")
        return "JIRA enabled"

    def install(self) -> str:
        self.call("POST", "templates/jira/install/", status=(202,))
        deadline = time.monotonic() + PATIENCE
        while sum(one["task"] is not None for one in self._templates()) < TEMPLATES:
            expect(time.monotonic() < deadline, f"after {PATIENCE} s not all templates are installed")
            time.sleep(0.3)
        return f"{TEMPLATES} templates installed by the job queue"

    def publish(self) -> str:
        tasks = [one["task"] for one in self._templates()]
        for task in tasks:
            self.call("POST", f"tasks/{task}/versions/", {"note": "demo"}, status=(200, 201))
        return f"{len(tasks)} dialog tasks published"

    def _templates(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.call("GET", "templates/jira/")["items"]
        return found

    def _chat(self, *texts: str) -> str:
        replies: list[str] = []
        for text in texts:
            replies = [reply["text"] for reply in self._say(text)["replies"]]
        return "\n".join(replies)

    def _say(self, text: str) -> dict[str, Any]:
        body: dict[str, Any] = {"text": text, "client_message_id": uuid.uuid4().hex}
        if self.conversation is not None:
            said: dict[str, Any] = self.call("POST", f"conversations/{self.conversation}/messages/", body)
            return said
        person = {"external_id": self.person, "name": "Demo"}
        opened = self.call("POST", "conversations/", {**body, "end_user": person}, status=(201,))
        self.conversation = opened["id"]
        first: dict[str, Any] = opened["message"]
        return first
