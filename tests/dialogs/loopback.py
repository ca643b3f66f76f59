"""A provider on this machine that answers as a test tells it, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = tuple[int, Any]


class Loopback:
    """Every POST is answered by ``on_post``, but searches by ``on_search``, everything else by ``on_get``; all may
    block."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, Any]] = []
        self.on_get: Callable[[str], Answer] = lambda _path: (200, {"key": "DEMO"})
        self.on_post: Callable[[str], Answer] = lambda _path: (201, {"id": "10001", "key": "DEMO-1"})
        self.on_search: Callable[[str], Answer] = lambda _path: (200, {"issues": []})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def posts(self) -> int:
        """Requests that changed something."""
        return sum(method == "POST" and not _is_search(path) for method, path, _body in self.requests)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_details: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                loopback.requests.append(("GET", self.path, None))
                self._answer(loopback.on_get(self.path))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                loopback.requests.append(("POST", self.path, body))
                answer = loopback.on_search if _is_search(self.path) else loopback.on_post
                self._answer(answer(self.path))

            def _answer(self, answer: Answer) -> None:
                payload = json.dumps(answer[1]).encode()
                self.send_response(answer[0])
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
                """Says nothing."""

        return Handler


def _is_search(path: str) -> bool:
    return "/search/" in path
