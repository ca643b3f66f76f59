"""The terminal chat against a server that answers: what a person types and sees, over restarts and lost answers."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from dialogs.flows.publish import publish
from dialogs.models import Turn
from examples import terminal_chat
from examples.terminal_chat import Chat
from tests.dialogs.factories import task
from tests.dialogs.samples import document, greeting, node
from tests.factories import AppFactory
from xoplatform import api_keys
from xoplatform.models import Scope

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

    from xoplatform.models import App

pytestmark = pytest.mark.django_db(transaction=True)
PROGRAM = Path(terminal_chat.__file__)


@pytest.fixture
def app(db: None) -> App:
    made: App = AppFactory.create()
    publish(task(made, greeting()))
    return made


@pytest.fixture
def key(app: App) -> str:
    return api_keys.create(app, "terminal", [Scope.CHAT])[1]


class Terminal:
    """A person's terminal: the chat, and what it printed."""

    def __init__(self, address: str, key: str, file: Path, person: str = "ada") -> None:
        self.lines: list[str] = []
        self.chat = Chat(address, person, key=key, file=file, show=self.lines.append)

    def type(self, *lines: str) -> list[str]:
        """What is shown in answer to these."""
        self.lines.clear()
        for line in lines:
            self.chat.typed(line)
        return list(self.lines)


@pytest.fixture
def address(live_server: LiveServer, app: App) -> str:
    return f"{live_server.url}/api/v1/apps/{app.slug}/"


@pytest.fixture
def terminal(address: str, key: str, tmp_path: Path) -> Terminal:
    return Terminal(address, key, tmp_path / "chat.json")


@pytest.fixture
def restarted(address: str, key: str, tmp_path: Path, terminal: Terminal) -> Any:
    """The same person's terminal after a restart."""
    return lambda: Terminal(address, key, tmp_path / "chat.json")


@pytest.fixture
def lost_answers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Methods whose next answer is lost after the server gave it; nobody waits before the next try."""
    to_lose: list[str] = []
    really = requests.request

    def request(method: str, *args: Any, **options: Any) -> requests.Response:
        answer = really(method, *args, **options)
        if method in to_lose:
            to_lose.remove(method)
            raise requests.ConnectionError
        return answer

    monkeypatch.setattr(requests, "request", request)
    monkeypatch.setattr(terminal_chat, "PAUSE", 0.01)
    return to_lose


def test_a_person_talks(terminal: Terminal) -> None:
    assert terminal.type("say hello") == ["bot: What is your name?"]
    assert terminal.type("Ada") == ["bot: Nice to meet you, Ada."]


def test_a_restart_goes_on_where_the_conversation_was(terminal: Terminal, restarted: Any) -> None:
    terminal.type("say hello")
    assert restarted().type("Ada") == ["bot: Nice to meet you, Ada."]


def test_a_message_whose_answer_was_lost_is_said_once(terminal: Terminal, lost_answers: list[str]) -> None:
    terminal.type("say hello")
    lost_answers.append("POST")
    assert terminal.type("Ada") == ["  … no answer from the server; trying again", "bot: Nice to meet you, Ada."]
    assert list(Turn.objects.order_by("number").values_list("text", flat=True)) == ["say hello", "Ada"]


def test_what_was_not_answered_is_sent_after_a_restart(terminal: Terminal, restarted: Any) -> None:
    terminal.type("say hello")
    terminal.chat.unsent = {"text": "Ada", "client_message_id": "m-2"}
    terminal.chat._keep()
    again = restarted()
    again.chat.deliver()
    assert again.lines == ["bot: Nice to meet you, Ada."]


def test_new_begins_another_conversation(terminal: Terminal) -> None:
    terminal.type("say hello")
    assert terminal.type("/new", "say hello") == ["A new conversation.", "bot: What is your name?"]
    assert Turn.objects.values("conversation").distinct().count() == 2


def test_a_conversation_that_ended_elsewhere_makes_room_for_another(terminal: Terminal, address: str, key: str) -> None:
    terminal.type("say hello")
    end = f"{address}conversations/{terminal.chat.conversation}/end/"
    requests.post(end, headers={"Authorization": f"Bearer {key}"}, timeout=10).raise_for_status()
    assert terminal.type("say hello") == ["bot: What is your name?"]


def test_a_number_takes_one_of_the_answers_offered(terminal: Terminal, app: App) -> None:
    replies = [{"title": "Say hello", "value": "say hello"}]
    offering = node("offer", "message", texts=["What next?"], quick_replies=replies)
    start = node("menuIntent", "intent", utterances=["menu"])
    arrows = [
        {"source": "menuIntent", "target": "offer", "condition": None, "label": ""},
        {"source": "offer", "target": "@end", "condition": None, "label": ""},
    ]
    publish(task(app, document("menu", [start, offering], arrows)))
    assert terminal.type("menu") == ["bot: What next?", "  [1] Say hello"]
    assert terminal.type("1") == ["bot: What is your name?"]


def test_links_to_authorize_and_forms_are_shown(terminal: Terminal) -> None:
    about = {"text": "Please.", "quick_replies": [{"title": "Cancel", "value": "cancel"}], "buttons": [], "agent": None}
    asked = about | {"authorization_required": {"provider": "jira", "url": "https://x.example/a"}, "form": None}
    form = about | {"authorization_required": None, "form": {"title": "Report", "url": None}}
    assert list(terminal.chat._lines(asked))[1] == "  ➜ authorize jira: https://x.example/a"
    assert list(terminal.chat._lines(form))[1] == "  ➜ Report: the form can be used no more"


def test_a_refusal_is_told_in_the_apis_words(terminal: Terminal) -> None:
    (line,) = terminal.type("x" * 20_000)
    assert line.startswith("! ")
    assert terminal.chat.unsent is None


def test_what_comes_by_itself_is_shown(terminal: Terminal) -> None:
    terminal.type("say hello")
    conversation = Turn.objects.get().conversation
    conversation.status = "awaiting"
    conversation.save()
    terminal.chat.status = "awaiting"
    terminal.lines.clear()
    threading.Thread(target=terminal.chat.listen, daemon=True).start()
    reply: dict[str, Any] = {"text": "It is done.", "quick_replies": [], "data": None}
    conversation.turns.create(number=2, text="", replies=[reply])
    type(conversation).objects.filter(pk=conversation.pk).update(revision=2, status="open")
    deadline = time.monotonic() + 20
    while not terminal.lines and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    assert terminal.lines == ["bot: It is done."]


def test_the_program_runs_in_a_terminal(live_server: LiveServer, app: App, key: str, tmp_path: Path) -> None:
    environment = {**os.environ, "XO_API_KEY": key, "XDG_STATE_HOME": str(tmp_path)}
    command = [sys.executable, str(PROGRAM), "--url", live_server.url, "--app", app.slug, "--person", "ada"]
    ours, theirs = pty.openpty()
    program = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    try:
        read_until(ours, "/quit leaves")
        os.write(ours, b"say hello\n")
        read_until(ours, "What is your name?")
        os.write(ours, b"/quit\n")
        assert program.wait(timeout=20) == 0
    finally:
        program.kill()
        program.wait()
        os.close(ours)


def read_until(terminal: int, text: str) -> None:
    shown = ""
    while text not in shown:
        shown += os.read(terminal, 4096).decode(errors="replace")


def test_without_a_key_it_says_what_is_missing(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "XO_API_KEY"}
    command = [sys.executable, str(PROGRAM), "--app", "helpdesk", "--person", "ada"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "XO_API_KEY" in done.stderr) == (1, True)
