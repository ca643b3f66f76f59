"""A provider that answers at once: what the benchmark's dialog calls, in a process of its own."""

from __future__ import annotations

import json
import multiprocessing
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

SITE_ID = "11111111-1111-4111-8111-111111111111"
SITES = [{"id": SITE_ID, "name": "bench", "url": "https://bench.example", "scopes": ["write:jira-work"]}]
CREATED = {"id": "10001", "key": "DEMO-1", "self": "https://bench.example/rest/api/3/issue/10001"}
ISSUE = {
    **CREATED,
    "fields": {
        "summary": "Printer on fire",
        "status": {"name": "To Do"},
        "issuetype": {"name": "Task"},
        "project": {"key": "DEMO", "name": "Demo"},
        "created": "2026-11-23T12:00:00.000+0100",
    },
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without this, Nagle's algorithm and delayed acknowledgements add 40 ms to every answer.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        self._answer(200, SITES if "accessible-resources" in self.path else ISSUE)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer(201, CREATED)

    def log_message(self, *args: object) -> None:
        """Says nothing: the figures are the output."""

    def _answer(self, status: int, body: object) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


def _serve(ready: Connection, handler: type[Handler]) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    ready.send(server.server_port)
    server.serve_forever()


@contextmanager
def provider(handler: type[Handler] = Handler) -> Iterator[str]:
    """Address of a running stub that answers like this; it ends with the block."""
    parent, child = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(child, handler), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{parent.recv()}"
    finally:
        process.terminate()
        process.join()
