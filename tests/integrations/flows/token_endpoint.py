"""A token endpoint on loopback that keeps count: who asked, how often, and how many at the same time."""

from __future__ import annotations

import json
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.loopback import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.server import BaseHTTPRequestHandler


class TokenEndpoint:
    """Answers every refresh with new tokens, or as ``refuse`` says; ``hold`` is called while a request is under way."""

    def __init__(self, hold: Callable[[TokenEndpoint], object] = lambda _endpoint: None) -> None:
        self.asked: Counter[str] = Counter()
        self.order: list[str] = []
        self.at_once = self.most_at_once = 0
        self.refuse: tuple[int, dict[str, Any]] | None = None
        self.changed = threading.Condition()
        self._hold = hold

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        body = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        with self.changed:
            self.asked[body["refresh_token"]] += 1
            self.order.append(body["refresh_token"])
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            number = self.asked.total()
            self.changed.notify_all()
        self._hold(self)
        with self.changed:
            self.at_once -= 1
        status, answer = self.refuse or (200, fresh(number))
        plain(status, json.dumps(answer).encode())(request)

    def wait_until(self, holds: Callable[[], bool], seconds: float = 10) -> bool:
        """Whether this came to hold in time."""
        with self.changed:
            return self.changed.wait_for(holds, seconds)


def fresh(number: int) -> dict[str, Any]:
    """A token answer like no other."""
    return {
        "access_token": f"hidden-access-fresh-{number}",
        "refresh_token": f"hidden-refresh-fresh-{number}",
        "expires_in": 3600,
        "token_type": "Bearer",
    }
