"""A chat channel in a terminal: a small but whole example of what the REST API is for.

It needs Python 3.11 and `requests`. Run it with a key of the scope “chat” in the environment::

    XO_API_KEY=xo_… python examples/terminal_chat.py --url http://localhost:8000 --app helpdesk --person ada

What is under way is kept in a file, so that a restart goes on in the same conversation, and a message whose answer was
lost on the way is sent again under its id and answered once. ``/help`` tells what can be typed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import threading
import time
import uuid
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HELP = "A number takes one of the answers offered. /new begins another conversation, /quit leaves. All else is said."
CHANNEL = "terminal"
#: Seconds: for an answer to be held back by the server, for a request at most, and between tries and looks.
HELD, PATIENCE, PAUSE = 10, 40, 2.0
#: States of a conversation in which something may come by itself: it waits for an authorization, a form, an agent.
WAITING = ("waiting", "awaiting")
#: Answers after which the same request may do better.
PASSING = (429, 500, 502, 503, 504)


class RefusedError(Exception):
    """The API refused; the text is its own, for people."""

    def __init__(self, problem: dict[str, Any], status: int) -> None:
        faults = " ".join(fault["detail"] for fault in problem.get("errors", ()))
        super().__init__(f"{problem.get('detail') or f'The server answered {status}.'} {faults}".strip())
        self.code = problem.get("code", "")


class Chat:
    """One person's conversation with the App at ``address``, remembered in ``file``; ``show`` prints a line."""

    def __init__(
        self, address: str, person: str, *, key: str, file: Path, show: Callable[[str], object] = print
    ) -> None:
        self._base = address
        self._person, self._file, self._show = person, file, show
        self._headers = {"Authorization": f"Bearer {key}"}
        self._lock = threading.RLock()
        self._news = threading.Event()
        self.offered: list[str] = []
        kept = json.loads(file.read_text()) if file.exists() else {}
        self.conversation, self.seen = kept.get("conversation"), kept.get("seen", 0)
        self.unsent: dict[str, str] | None = kept.get("unsent")
        self.status = "open"

    def _keep(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        kept = {"conversation": self.conversation, "seen": self.seen, "unsent": self.unsent}
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(kept))
        fresh.replace(self._file)

    def _ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """Asks until there is an answer; network loss and busy servers are told and waited for. Raises RefusedError."""
        address = requests.compat.urljoin(self._base, path)
        headers = {**self._headers, **options.pop("headers", {})}
        told = False
        while True:
            wait = PAUSE
            try:
                answer = requests.request(method, address, headers=headers, timeout=PATIENCE, **options)
                if answer.status_code not in PASSING:
                    break
                wait = float(answer.headers.get("Retry-After") or PAUSE)
            except requests.RequestException:
                pass
            if not told:
                self._show("  … no answer from the server; trying again")
                told = True
            time.sleep(wait)
        if not answer.ok:
            is_problem = "json" in answer.headers.get("Content-Type", "")
            raise RefusedError(answer.json() if is_problem else {}, answer.status_code)
        return answer

    def say(self, text: str) -> None:
        """Says it, and shows what is answered. It is kept until then, so that nothing is lost or said twice."""
        with self._lock:
            self.unsent = {"text": text, "client_message_id": str(uuid.uuid4())}
            self._keep()
            self.deliver()

    def deliver(self) -> None:
        """Sends what was not answered yet; the same id makes a second delivery harmless."""
        if self.unsent is None:
            return
        try:
            self._take(self._post(self.unsent))
        except RefusedError as refused:
            if refused.code in ("conversation_ended", "unknown_conversation") and self.conversation:
                self.conversation, self.seen = None, 0
                self.deliver()
                return
            self._show(f"! {refused}")
        self.unsent = None
        self._keep()
        self._news.set()

    def _post(self, message: dict[str, str]) -> dict[str, Any]:
        """What became of a message; a long turn is waited for where the server says."""
        held = {"Prefer": f"wait={HELD}"}
        if self.conversation:
            answer = self._ask("POST", f"conversations/{self.conversation}/messages/", json=message, headers=held)
        else:
            opening = {**message, "end_user": {"external_id": self._person}, "channel": CHANNEL}
            answer = self._ask("POST", "conversations/", json=opening, headers=held)
        told, place = answer.json(), answer.headers.get("Location", "")
        told = told.get("message") or told
        while told["state"] == "working":
            time.sleep(PAUSE)
            told = self._ask("GET", place).json()
        if told["state"] == "refused":
            raise RefusedError(told["error"], answer.status_code)
        return dict(told)

    def _take(self, told: dict[str, Any]) -> None:
        self.conversation, self.status = told["conversation"], told["conversation_status"]
        if told["number"] > self.seen + 1:  # something came by itself in between
            self.read(before=told["number"])
        self._show_turn(told)

    def read(self, before: int | None = None) -> None:
        """Shows what was answered since the last look."""
        page: str | None = f"conversations/{self.conversation}/messages/?after={self.seen}"
        while page:
            found = self._ask("GET", page).json()
            for turn in found["items"]:
                if before is None or turn["number"] < before:
                    self._show_turn(turn)
            page = found["next"]

    def _show_turn(self, turn: dict[str, Any]) -> None:
        if turn["number"] <= self.seen:
            return
        self.seen, self.offered = turn["number"], []
        for reply in turn["replies"]:
            for line in self._lines(reply):
                self._show(line)
        self._keep()

    def _lines(self, reply: dict[str, Any]) -> Iterator[str]:
        yield f"{(reply['agent'] or {}).get('name') or 'bot'}: {reply['text']}"
        if asked := reply["authorization_required"]:
            yield f"  ➜ authorize {asked['provider']}: {asked['url'] or 'the link can be used no more'}"
        if form := reply["form"]:
            yield f"  ➜ {form['title'] or 'form'}: {form['url'] or 'the form can be used no more'}"
        for button in reply["buttons"]:
            if button.get("url"):
                yield f"  ➜ {button['title']}: {button['url']}"
        taps = [button for button in reply["buttons"] if not button.get("url")] + reply["quick_replies"]
        for tap in taps:
            self.offered.append(tap.get("value") or tap["title"])
            yield f"  [{len(self.offered)}] {tap['title']}"

    def listen(self) -> None:
        """Shows what comes by itself, for as long as the program runs: by events, else by looking now and then."""
        while True:
            if self.conversation is None or self.status not in WAITING:
                self._news.wait()
                self._news.clear()
            elif not self._hear():
                time.sleep(PAUSE)
            self.look()

    def _hear(self) -> bool:
        """Waits until the stream tells of a turn; False where there is no stream, or it ended without one."""
        address = f"{self._base}conversations/{self.conversation}/events/"
        headers = {**self._headers, "Accept": "text/event-stream", "Last-Event-ID": str(self.seen)}
        try:
            with requests.get(address, headers=headers, stream=True, timeout=PATIENCE) as stream:
                return stream.ok and any(line.startswith(b"event: turn") for line in stream.iter_lines(chunk_size=1))
        except requests.RequestException:
            return False

    def look(self) -> None:
        """Reads what is new, unless a message is under way: its answer brings it."""
        if not self.conversation or not self._lock.acquire(blocking=False):
            return
        try:
            self.status = self._ask("GET", f"conversations/{self.conversation}/").json()["status"]
            self.read()
        except RefusedError:
            self.new()  # it was deleted, or is another person's
        finally:
            self._lock.release()

    def new(self) -> None:
        """The next message opens another conversation."""
        with self._lock:
            self.conversation, self.seen, self.offered, self.status = None, 0, [], "open"
            self._keep()

    def typed(self, line: str) -> bool:
        """Does what a line asks for; False when it is time to go."""
        if line == "/quit":
            return False
        if line == "/help":
            self._show(HELP)
        elif line == "/new":
            self.new()
            self._show("A new conversation.")
        elif line.isdecimal() and 0 < int(line) <= len(self.offered):
            self.say(self.offered[int(line) - 1])
        elif line:
            self.say(line)
        return True


def main() -> None:
    parser = argparse.ArgumentParser(description="Talk to an App of XO Platform in a terminal.")
    parser.add_argument("--url", default="http://localhost:8000", help="where XO Platform answers")
    parser.add_argument("--app", required=True, help="the App's short name")
    parser.add_argument("--person", required=True, help="who you are, by your own id")
    given = parser.parse_args()
    key = os.environ.get("XO_API_KEY") or sys.exit("Put a key with the scope “chat” into XO_API_KEY.")
    name = hashlib.sha256(f"{given.url} {given.app} {given.person}".encode()).hexdigest()[:16]
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    address = f"{given.url.rstrip('/')}/api/v1/apps/{given.app}/"
    show = partial(print, flush=True)
    chat = Chat(address, given.person, key=key, file=state / "xo-chat" / f"{name}.json", show=show)
    show(HELP)
    threading.Thread(target=chat.listen, daemon=True).start()
    try:
        chat.look()
        chat.deliver()
        while chat.typed(input().strip()):
            pass
    except (EOFError, KeyboardInterrupt):
        pass


if __name__ == "__main__":
    main()
