"""Ending a connection in the middle of things."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

from flask import Response, request

if TYPE_CHECKING:
    from collections.abc import Iterator


class ConnectionCutError(ConnectionError):
    """The stand-in ended the connection, as ordered. Whether the work was done is not said."""


def cut() -> None:
    """Resets the connection of the request at hand. Raises ConnectionCutError, always."""
    drop(_socket())
    raise ConnectionCutError


def drop(connection: socket.socket | None) -> None:
    """Resets a connection at once. Without one (a test client) there is nothing to reset."""
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)


def cut_in_half(response: Response) -> Response:
    """The same answer with its full length announced and only half of it sent."""
    body = response.get_data()
    connection = _socket()

    def half() -> Iterator[bytes]:
        yield body[: len(body) // 2]
        if connection is not None:
            connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionCutError

    broken = Response(half(), status=response.status_code, headers=response.headers, direct_passthrough=True)
    broken.content_length = len(body)
    return broken


def _socket() -> socket.socket | None:
    found: socket.socket | None = request.environ.get("werkzeug.socket")
    return found
