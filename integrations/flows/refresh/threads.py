"""Renewals in threads of their own: a caller whose time is up leaves, the answer is stored all the same.

An answer that nobody waits for any more may hold the only refresh token that still works, so a renewal is never given
up because of its caller. A process that ends in an orderly way waits for its renewals.
"""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from django.db import connection, connections

from . import renewal

if TYPE_CHECKING:
    from integrations.models import TokenRefresh

    from .leases import Lease

_under_way: set[Renewal] = set()


class Renewal(threading.Thread):
    """One renewal under way."""

    def __init__(self, lease: Lease) -> None:
        # Not a daemon: the interpreter waits for it before it ends.
        super().__init__(name=f"renewal-{lease.row.pk}", daemon=False)
        self._lease = lease
        self._outcome: TokenRefresh.Outcome | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            connection.ensure_connection()  # before the provider is asked, so that the answer waits for nothing
            self._outcome = renewal.renew(self._lease)
        except BaseException as error:  # noqa: BLE001 -- handed to whoever waits
            self._error = error
        finally:
            connections.close_all()
            _under_way.discard(self)

    def wait(self, seconds: float) -> TokenRefresh.Outcome | None:
        """How it ended; None if it is still under way after so many seconds. Raises what the renewal raised."""
        self.join(max(seconds, 0))
        if self.is_alive():
            return None
        if self._error is not None:
            raise self._error
        return self._outcome


def renew(lease: Lease, seconds: float) -> TokenRefresh.Outcome | None:
    """Renews; None if it is still under way after so many seconds, and goes on.

    Inside a transaction it is done on the spot: another connection would not see what this one has written.
    """
    if connection.in_atomic_block:
        return renewal.renew(lease)
    thread = Renewal(lease)
    _under_way.add(thread)
    thread.start()
    return thread.wait(seconds)


def finish(seconds: float) -> bool:
    """Waits until the renewals of this process are stored, at most so long; whether they are."""
    give_up = time.monotonic() + seconds
    for thread in list(_under_way):
        thread.join(max(give_up - time.monotonic(), 0))
    return not _under_way


# A child process has none of its parent's threads.
os.register_at_fork(after_in_child=_under_way.clear)
