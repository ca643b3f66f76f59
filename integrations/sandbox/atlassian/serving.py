"""Serving the app on a loopback port until a signal ends it."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from types import FrameType

    from flask import Flask


class QuietHandler(WSGIRequestHandler):
    """Keeps connections open, and says nothing about single requests."""

    protocol_version = "HTTP/1.1"
    # Head and body go out in two writes; waiting to merge them costs 40 ms per answer on a kept connection.
    disable_nagle_algorithm = True

    def log_request(self, *_details: object) -> None:
        """Request lines hold authorization codes; they are not for logs."""


def open_server(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """A listening server with one thread per connection; port 0 takes a free one."""
    server = make_server(host, port, app, threaded=True, request_handler=QuietHandler)
    server.daemon_threads = True  # type: ignore[attr-defined] # of the threading mix-in
    return server


def serve_until_stopped(server: BaseWSGIServer) -> None:
    """Serves until SIGINT or SIGTERM."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # From another thread: shutdown waits for the serving loop, which this very thread runs.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
