"""``make demo``: the main job over HTTP and the real job queue, one line per step; by admin and then by the API.

Uses the stack that answers at XO_BASE_URL, or starts one for the time being. Exits 0 only when the sandbox's Jira
really held the issue that was created, changed, listed and deleted by chat.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from xoplatform import local_env

from . import stack
from .visitor import Visitor

APP = "/admin/apps/demo"
JIRA = f"{APP}/actions/jira"
PERSON, SITE, PROJECT = "Ada Ames", "acme", "DEMO"
TEMPLATES = 10
#: Seconds that the job queue may take for all templates.
PATIENCE = 60


class DemoError(Exception):
    """A step did not show what it should; the text says which and what was seen."""


def expect(holds: object, text: str) -> None:
    if not holds:
        raise DemoError(text)


class Demo:
    """One run of the job, as the staff member whose sign-in is given."""

    def __init__(self, base_url: str, sandbox_url: str, sign_in: tuple[str, str]) -> None:
        self.visitor = Visitor(base_url)
        self.sandbox_url = sandbox_url
        self.sign_in = sign_in
        self.conversation: str | None = None

    def run(self) -> None:
        """Raises DemoError or LookupError at the first step that fails."""
        connected = (self.enter, self.authorize, self.enable, self.install, self.publish)
        talked = (self.create, self.read, self.list_all, self.update, self.search, self.comment, self.assign, self.move)
        for step in (*connected, *talked, self.delete):
            print(f"· {step()}", flush=True)

    def enter(self) -> str:
        name, password = self.sign_in
        self.visitor.open("/accounts/login/")
        page = self.visitor.press("Sign in", login=name, password=password)
        expect("/admin/" in page.url, f"signing in as {name} led to {page.url}")
        return f"signed in as {name}"

    def authorize(self) -> str:
        return self.consent_at(f"{JIRA}/?tab=authorization")

    def consent_at(self, address: str) -> str:
        """A person signs in at the provider from this page and allows access."""
        self.visitor.open(address)
        button = "Authorize again" if "Authorize again" in self.visitor.page.text else "Authorize"
        form = self.visitor.form_with(button=button)
        expect(form.action, "the Authorize button leads nowhere")
        self.visitor.press(
            button, edition="developer", authorization_type="pre_authorize", method="oauth", card="system"
        )
        expect(urlsplit(self.visitor.page.url).path in ("/login", "/authorize"), self._lost("Authorize"))
        if "Choose the person" in self.visitor.page.text:
            self.visitor.press(f"Continue as {PERSON}")
        page = self.visitor.press("Accept", site=SITE)
        expect(f"Authorized as {PERSON}" in page.text, self._lost("Accept"))
        return f"JIRA authorized as {PERSON}, site {SITE}"

    def enable(self) -> str:
        self.visitor.open(f"{JIRA}/?tab=authorization")
        if any("Enable" in form.buttons for form in self.visitor.forms()):
            self.visitor.press("Enable")
        page = self.visitor.open(f"{APP}/actions/")
        expect("Enabled" in page.text, self._lost("Enable"))
        return "JIRA enabled: it stands under Configured"

    def install(self) -> str:
        page = self.visitor.open(f"{JIRA}/templates/")
        if any("Install all" in form.buttons for form in self.visitor.forms()):
            page = self.visitor.press("Install all")
        deadline = time.monotonic() + PATIENCE
        while page.text.count('data-state="installed"') < TEMPLATES:
            expect(time.monotonic() < deadline, f"after {PATIENCE} s not all templates are installed")
            time.sleep(0.5)
            page = self.visitor.open(f"{JIRA}/templates/")
        return f"{TEMPLATES} templates installed by the job queue"

    def publish(self) -> str:
        page = self.visitor.open(f"{JIRA}/templates/")
        links = {part.split('"')[0] for part in page.text.split('href="')[1:] if f"{APP}/dialogs/" in part[:60]}
        tasks = sorted(link for link in links if link.rstrip("/").rsplit("/", 1)[-1].isdigit())
        expect(len(tasks) >= TEMPLATES, f"only {len(tasks)} dialog tasks are linked")
        for task in tasks:
            answer = self.visitor.post_json(f"{task}canvas/publish/", {"note": "demo"})
            expect(answer.status_code == 200, f"{task} cannot be published: {answer.text}")
        return f"{len(tasks)} dialog tasks published"

    def create(self) -> str:
        self.summary = f"Printer on fire {uuid.uuid4().hex[:6]}"
        before = {issue["key"] for issue in self._issues()}
        reply = self._chat("create an issue", PROJECT, self.summary, "Task")
        made = [issue for issue in self._issues() if issue["key"] not in before]
        expect(len(made) == 1 and made[0]["summary"] == self.summary, f"Jira holds {made} after: {reply}")
        self.key = str(made[0]["key"])
        expect(self.key in reply, f"the bot did not name {self.key}: {reply}")
        return f"created {self.key} by chat; Jira holds it"

    def read(self) -> str:
        reply = self._chat("get an issue by key", self.key)
        expect(self.summary in reply, f"reading {self.key}: {reply}")
        return f"read {self.key} by chat"

    def list_all(self) -> str:
        reply = self._chat("get all issues")
        expect(self.key in reply, f"{self.key} is not listed: {reply}")
        self._chat("cancel")
        return f"listed the issues by chat; {self.key} is among them"

    def update(self) -> str:
        self.summary += " (out)"
        reply = self._chat("update an issue", self.key, "summary", self.summary)
        held = self._issue()
        expect(held and held["summary"] == self.summary, f"Jira holds {held} after: {reply}")
        return f"changed the summary of {self.key} by chat; Jira holds it"

    def search(self) -> str:
        reply = self._chat("search issues", self.summary)
        expect(self.key in reply, f"{self.key} is not found by its words: {reply}")
        return f"found {self.key} by its words"

    def comment(self) -> str:
        reply = self._chat("add a comment", self.key, "The fire is out.")
        held = self._issue()
        expect(held and "The fire is out." in str(held["comments"]), f"Jira holds {held} after: {reply}")
        return f"commented on {self.key} by chat; Jira holds it"

    def assign(self) -> str:
        reply = self._chat("assign an issue", self.key, "me")
        expect(f"assigned to {PERSON}" in reply, f"assigning {self.key}: {reply}")
        mine = self._chat("my open issues")
        expect(self.key in mine, f"{self.key} is not among the open issues: {mine}")
        self._chat("cancel")
        return f"assigned {self.key} by chat; it stands among the open issues"

    def move(self) -> str:
        reply = self._chat("move an issue", self.key, "Done")
        expect("is now Done" in reply, f"moving {self.key}: {reply}")
        return f"moved {self.key} to Done by chat"

    def delete(self) -> str:
        reply = self._chat("delete an issue", self.key, "yes")
        expect(self._issue() is None, f"{self.key} is still in Jira after: {reply}")
        return f"deleted {self.key} by chat after a yes; Jira no longer holds it"

    def _chat(self, *texts: str) -> str:
        replies: list[str] = []
        for text in texts:
            body = {
                "conversation": self.conversation,
                "task": None,
                "text": text,
                "client_message_id": uuid.uuid4().hex,
            }
            answer = self.visitor.post_json(f"{APP}/talk/messages/", body)
            expect(answer.status_code == 200, f"{text!r} was answered {answer.status_code}: {answer.text}")
            said: dict[str, Any] = answer.json()
            self.conversation = said["conversation"]
            replies = [reply["text"] for reply in said["replies"]]
        return "\n".join(replies)

    def _issues(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = requests.get(f"{self.sandbox_url}/_sandbox/issues", timeout=10).json()
        return [issue for issue in found if issue["site"] == SITE]

    def _issue(self) -> dict[str, Any] | None:
        return next((issue for issue in self._issues() if issue["key"] == self.key), None)

    def _lost(self, button: str) -> str:
        return f"{button} led to {self.visitor.page.url}:\n{self.visitor.page.text[:2000]}"


def kept(environment: dict[str, str]) -> dict[str, str]:
    """What a stack of the demo's own takes over: the services, and Atlassian's address where the operator set one."""
    names = {"XO_DATABASE_URL", "XO_BROKER_URL", "XO_QUEUE"}
    if not local_env.uses_sandbox(environment):
        names |= {"XO_JIRA_CLIENT_ID", "XO_JIRA_CLIENT_SECRET", "XO_ATLASSIAN_AUTH_URL", "XO_ATLASSIAN_API_URL"}
    return {name: environment[name] for name in names if name in environment}


def sign_in_of(environment: dict[str, str]) -> tuple[str, str]:
    """XO_DEMO_USER and XO_DEMO_PASSWORD, or the first account while its generated password holds.

    Raises DemoError when neither is known.
    """
    if environment.get("XO_DEMO_USER"):
        return environment["XO_DEMO_USER"], environment.get("XO_DEMO_PASSWORD", "")
    note = Path(environment["XO_VAR_DIR"]) / "first-sign-in"
    if not note.exists():
        raise DemoError("The first account's password was changed: set XO_DEMO_USER and XO_DEMO_PASSWORD.")
    return "admin", note.read_text()


def main() -> int:
    from . import api_demo  # it builds upon this module

    environment = local_env.environment(os.environ)
    # The server whose consent pages the demo knows: the sandbox of this stack, or one that is run elsewhere.
    own = False
    with ExitStack() as clean:
        if not stack.ready(environment["XO_BASE_URL"]):
            print(f"· nothing answers at {environment['XO_BASE_URL']}: starting a stack for the demo", flush=True)
            environment, own = clean.enter_context(stack.running(kept(environment))), True
        try:
            sandbox = environment.get("XO_SANDBOX_URL") or environment["XO_ATLASSIAN_AUTH_URL"]
            Demo(environment["XO_BASE_URL"], sandbox, sign_in_of(environment)).run()
            print("· the same again, through the REST API alone", flush=True)
            api_demo.ApiDemo(environment, sandbox, sign_in_of(environment), afresh=own).run()
        except (DemoError, LookupError, requests.RequestException) as error:
            print(f"✗ {error}", file=sys.stderr)
            return 1
    print("✓ The whole job works.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
