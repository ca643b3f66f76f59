"""Grants that were just read, for calls that follow each other within one turn."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from integrations.models import Connection

    Owner = tuple[int, int | None, str]

#: Seconds after which a grant is read anew: as long as a call may be under way while somebody takes the grant away.
SECONDS: Final = 1.0


class GrantsInHand:
    """By App, end user and provider; for one thread.

    A grant is taken out for a call and put back only when that call went well and changed nothing about it. After a
    refusal, a renewal or a lost answer the next call reads what is stored by then.
    """

    def __init__(self) -> None:
        self._found: dict[Owner, tuple[float, Connection]] = {}

    def take(self, owner: Owner) -> tuple[float, Connection] | None:
        """The grant with the time at which it was read, unless that is too long ago."""
        found = self._found.pop(owner, None)
        return found if found is not None and time.monotonic() - found[0] < SECONDS else None

    def put_back(self, owner: Owner, read_at: float, connection: Connection) -> None:
        """Keeps it for the next call, no longer than from its reading on."""
        self._found[owner] = read_at, connection
