"""Serving the app on a loopback port until a signal ends it."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, cast

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from types import FrameType

    from flask import Flask


#: Seconds in which requests under way may end when the server is stopped.
GRACE = 10.0


class UnderWay:
    """How many requests are being answered."""

    def __init__(self) -> None:
        self._number = 0
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._number += 1

    def __exit__(self, *_error: object) -> None:
        with self._changed:
            self._number -= 1
            self._changed.notify_all()

    def wait_for_none(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: not self._number, seconds)


class QuietHandler(WSGIRequestHandler):
    """Keeps connections open, and says nothing about single requests."""

    protocol_version = "HTTP/1.1"
    # Head and body go out in two writes; waiting to merge them costs 40 ms per answer on a kept connection.
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        with self.server.under_way:  # type: ignore[attr-defined] # of `open_server`
            super().run_wsgi()

    def log_request(self, *_details: object) -> None:
        """Request lines hold authorization codes; they are not for logs."""


def open_server(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """A listening server with one thread per connection; port 0 takes a free one."""
    server = make_server(host, port, app, threaded=True, request_handler=QuietHandler)
    server.daemon_threads = True  # type: ignore[attr-defined] # of the threading mix-in
    server.under_way = UnderWay()  # type: ignore[attr-defined] # for the handler
    return server


def serve_until_stopped(server: BaseWSGIServer) -> None:
    """Serves until SIGINT or SIGTERM, and then to the end what is under way: a token that was made must arrive.

    Ordered delays end at once then.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # From another thread: shutdown waits for the serving loop, which this very thread runs.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
        cast("Flask", server.app).extensions["sandbox"].faults.lift()
        server.under_way.wait_for_none(GRACE)  # type: ignore[attr-defined]
