"""A channel that posts messages over the API, and sends them again when nobody answers, as a channel must."""

from __future__ import annotations

import json
import time
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any, Final

from .talks import Heard, Message

if TYPE_CHECKING:
    from collections.abc import Callable

#: Seconds until a message must have been answered, however often it is sent.
PATIENCE: Final = 120.0
#: Seconds before it is sent again, or asked for again.
PAUSE: Final = 0.25
ACCEPTED, FIRST_REFUSAL = 202, 400
#: "Come again": a turn is at work, there are too many requests, or nobody is there to answer.
AGAIN: Final = frozenset({409, 429, 502, 503, 504})


class Channel:
    """One connection that is kept, and what was met on it."""

    def __init__(self, port: int, app: str, key: str) -> None:
        self._port, self._root = port, f"/api/v1/apps/{app}"
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Host": "localhost"}
        self._connection: HTTPConnection | None = None
        #: Messages that were sent more than once, and those that were answered later.
        self.sent_again = self.answered_later = 0

    def deliver(self, message: Message, person: str) -> Heard:
        """Sends one message until it is answered. An error that a person would have met is in what was heard."""
        began = time.perf_counter()
        try:
            told = self._until_answered(message, person, began + PATIENCE)
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is a fault of the run
            return Heard(message.talk, error=f"{type(error).__name__}: {error}"[:300])
        text = "\n".join(reply["text"] for reply in told["replies"])
        return Heard(message.talk, told["conversation"], text, seconds=time.perf_counter() - began)

    def messages(self, conversation: str) -> list[dict[str, Any]]:
        """The transcript as the API tells it."""
        path = f"{self._root}/conversations/{conversation}/messages/?limit=200"
        body = self._repeated(lambda: self._ask("GET", path, None), time.perf_counter() + PATIENCE)
        items: list[dict[str, Any]] = body["items"]
        return items

    def _until_answered(self, message: Message, person: str, deadline: float) -> dict[str, Any]:
        body: dict[str, Any] = {"text": message.text, "client_message_id": message.client_message_id}
        path = f"{self._root}/conversations/"
        if message.conversation is None:
            body["end_user"] = {"external_id": person}
        else:
            path += f"{message.conversation}/messages/"
        return self._repeated(lambda: self._ask("POST", path, body), deadline)

    def _repeated(self, ask: Callable[[], tuple[int, Any, str]], deadline: float) -> dict[str, Any]:
        while True:
            try:
                status, body, place = ask()
            except (OSError, HTTPException) as error:
                self._connection, status, body = None, 503, {"detail": repr(error)}
            if status == ACCEPTED:
                self.answered_later += 1
                return self._polled(place, deadline)
            if status not in AGAIN:
                return self._told(status, body)
            self.sent_again += 1
            self._wait(deadline, body)

    def _polled(self, place: str, deadline: float) -> dict[str, Any]:
        path = place[place.index("/api/") :]
        while True:
            told = self._repeated(lambda: self._ask("GET", path, None), deadline)
            if told["state"] != "working":
                return told
            self._wait(deadline, told)

    def _told(self, status: int, body: Any) -> dict[str, Any]:
        if status >= FIRST_REFUSAL:
            raise RuntimeError(f"{status}: {body}")
        told: dict[str, Any] = body.get("message") or body
        if told.get("error"):
            raise RuntimeError(told["error"])
        return told

    def _wait(self, deadline: float, body: Any) -> None:
        if time.perf_counter() > deadline:
            raise TimeoutError(f"no answer in {PATIENCE:.0f} s; at last: {body}")
        time.sleep(PAUSE)

    def _ask(self, method: str, path: str, body: Any) -> tuple[int, Any, str]:
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self._port, timeout=90)
        self._connection.request(method, path, None if body is None else json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        payload = answer.read()
        return answer.status, json.loads(payload) if payload else None, answer.headers.get("Location", "")
