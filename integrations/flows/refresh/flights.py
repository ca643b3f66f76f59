"""Threads of one process that want the token of the same connection at the same time share one look-up."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .access import AccessToken


class Flight:
    """One look-up under way; ``token`` is what it found, if it found one."""

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.token: AccessToken | None = None


_flights: dict[int, Flight] = {}
_lock = threading.Lock()


@contextmanager
def flight(connection_id: int) -> Iterator[tuple[Flight, bool]]:
    """The look-up for this connection, and whether the caller is the one who does it."""
    with _lock:
        found = _flights.get(connection_id)
        mine = found is None
        if found is None:
            found = _flights[connection_id] = Flight()
    try:
        yield found, mine
    finally:
        if mine:
            with _lock:
                del _flights[connection_id]
            found.landed.set()


def _reset() -> None:
    # A child process has none of its parent's threads, and perhaps a lock that one of them held.
    global _lock  # noqa: PLW0603
    _flights.clear()
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_reset)
