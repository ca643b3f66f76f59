"""A system on this machine that webhooks call: answers as a test tells it, and keeps what it was sent."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Received:
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Receiver:
    """Every POST is answered by ``answer`` with a status and JSON; it may block, and None cuts the line."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        #: Sent with every answer.
        self.headers: dict[str, str] = {}
        self.answer: Callable[[Received], tuple[int, Any] | None] = lambda _received: (202, None)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_details: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                received = Received({key.lower(): value for key, value in self.headers.items()}, body)
                receiver.received.append(received)
                answer = receiver.answer(received)
                if answer is None:
                    self.connection.close()
                    return
                payload = b"" if answer[1] is None else json.dumps(answer[1]).encode()
                self.send_response(answer[0])
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        return Handler
