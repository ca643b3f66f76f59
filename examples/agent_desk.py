"""A small agent desk: takes over conversations from XO Platform, and lets one person answer them in a terminal.

It needs Python 3.11 and nothing else. Run it with the App's signing secret in the environment::

    DESK_SECRET=whsec_… python examples/agent_desk.py 8123

and give the App the address http://127.0.0.1:8123/ as its agent desk (the operator must allow private hosts for that).
Type a line to answer the conversation that wrote last; ``/return some note`` gives it back to the dialog, ``/close``
ends the chat.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Seconds that a delivery may be old.
TOLERANCE = 300


def signature(secret: str, delivery: str, timestamp: str, body: bytes) -> str:
    """The signature of a delivery, as https://www.standardwebhooks.com describes it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signing = f"{delivery}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signing, hashlib.sha256)).decode()


@dataclass
class Chat:
    """One conversation that the desk has taken over, as far as it was told."""

    reply_url: str
    transcript: list[dict[str, str]]
    messages: list[str] = field(default_factory=list)
    data: Any = None
    ended: str = ""


class Desk:
    """Takes deliveries, each once, and answers conversations."""

    def __init__(self, secret: str, show: Callable[[str], object] = print) -> None:
        self._secret, self._show = secret, show
        self._seen: set[str] = set()
        self._lock = threading.Lock()
        self.chats: dict[str, Chat] = {}
        self.latest = ""

    def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        """The HTTP status to answer a delivery with. One that came before is taken as done."""
        delivery, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "0")
        wanted = signature(self._secret, delivery, timestamp, body)
        if not hmac.compare_digest(wanted, headers.get("webhook-signature", "")):
            return 401
        if abs(time.time() - int(timestamp)) > TOLERANCE:
            return 401
        with self._lock:
            if delivery in self._seen:
                return 204
            self._seen.add(delivery)
            return self._take(json.loads(body))

    def _take(self, told: Mapping[str, Any]) -> int:
        if told["type"] == "test":
            self._show("The App sent a test.")
            return 204
        conversation = told["conversation"]
        if told["type"] == "handover":
            self.chats[conversation] = Chat(told["reply_url"], told["transcript"], data=told["data"])
            self._show(f"{told['person']['name'] or told['person']['id']} needs somebody: {told['data']}")
            for line in told["transcript"]:
                self._show(f"  {line['from']}: {line['text']}")
        elif conversation not in self.chats:
            return 404
        elif told["type"] == "ended":
            self.chats[conversation].ended = told["reason"]
            self._show(f"The chat is over ({told['reason']}).")
        else:
            self.chats[conversation].messages.append(told["text"])
            self._show(f"person: {told['text']}")
        self.latest = conversation
        return 204

    def send(self, conversation: str, **told: Any) -> int:
        """Sends a message, a return or a close; the HTTP status of the answer."""
        body, delivery, timestamp = json.dumps(told).encode(), f"desk_{uuid.uuid4().hex}", str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "webhook-id": delivery,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(self._secret, delivery, timestamp, body),
        }
        request = Request(self.chats[conversation].reply_url, body, headers, method="POST")  # noqa: S310 -- from a signed delivery
        with urlopen(request, timeout=10) as answer:  # noqa: S310 -- the same
            return int(answer.status)

    def serve(self, port: int) -> ThreadingHTTPServer:
        """A server for deliveries on this machine, started in a thread of its own."""
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.send_response(desk.receive(headers, body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server


def converse(desk: Desk, agent: str) -> None:
    """Sends each line of the terminal to the conversation that wrote last."""
    for line in sys.stdin:
        text = line.strip()
        if text.startswith("/return"):
            desk.send(desk.latest, type="return", agent=agent, data={"note": text.removeprefix("/return").strip()})
        elif text == "/close":
            desk.send(desk.latest, type="close", agent=agent)
        elif text:
            desk.send(desk.latest, type="message", agent=agent, text=text)


if __name__ == "__main__":
    here = Desk(os.environ["DESK_SECRET"])
    here.serve(int(sys.argv[1]))
    converse(here, os.environ.get("DESK_AGENT", "Ada"))
