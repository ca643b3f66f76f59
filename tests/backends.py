"""A test's connections to PostgreSQL are gone before the next test opens its own.

A closed connection is counted against the server's limit until its backend has ended, some time after the client. Two
tests with fifty callers that follow each other quickly would meet that limit, and fail for what the first one left.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

#: Seconds; a backend ends within milliseconds of its client, on a machine in trouble within a second or two.
SOON = 20.0

_OTHERS = """
    SELECT application_name, state, query FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class BackendsLeftError(AssertionError):
    """A test left connections to its database open, so the next one may not get its own: close them where they end."""


def wait_for_the_end(connection: BaseDatabaseWrapper, within: float = SOON) -> None:
    """Returns once nobody but the caller is connected to this database; at once where it is not PostgreSQL.

    Raises BackendsLeftError, with what those who are left did last, when that is not so ``within`` so many seconds.
    """
    if connection.vendor != "postgresql":
        return
    end = time.monotonic() + within
    while left := _others(connection):
        if time.monotonic() > end:
            raise BackendsLeftError(f"{BackendsLeftError.__doc__} Left: {left}")
        time.sleep(0.005)


def _others(connection: BaseDatabaseWrapper) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS)
        return list(cursor.fetchall())
