"""A provider that makes an issue of its own for everybody and tells what it was sent."""

from __future__ import annotations

import json
import threading
from typing import Any, ClassVar

from tests.benchmarks.stub import ISSUE, SITES, Handler

RECEIVED = "/received"


class Tracker(Handler):
    """Numbers issues as they come; ``RECEIVED`` answers with the fields of all of them, in that order."""

    _received: ClassVar[list[dict[str, Any]]] = []
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def do_POST(self) -> None:  # noqa: N802 -- http.server asks for this name
        fields = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["fields"]
        with self._lock:
            self._received.append(fields)
            number = len(self._received)
        self._answer(201, {name: self._issue(number)[name] for name in ("id", "key", "self")})

    def do_GET(self) -> None:  # noqa: N802 -- the same
        path = self.path.partition("?")[0]
        if path == RECEIVED:
            self._answer(200, self._received)
        elif path.endswith("accessible-resources"):
            self._answer(200, SITES)
        else:
            self._answer(200, self._issue(int(path.rpartition("/")[2])))

    def _issue(self, number: int) -> dict[str, Any]:
        sent = self._received[number - 1]
        fields = {**ISSUE["fields"], "summary": sent["summary"], "project": sent["project"]}  # type: ignore[dict-item]
        return {**ISSUE, "id": str(number), "key": key_of(sent, number), "fields": fields}


def key_of(fields: dict[str, Any], number: int) -> str:
    """The key of the issue that was made of these fields as the one of this number."""
    return f"{fields['project']['key']}-{number}"
