"""Who may renew a connection, decided in the database by its own clock, and every write that the right covers.

Each function is one short transaction. None is open while the provider is asked.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from integrations.models import Connection, TokenRefresh
from integrations.models.statements import RENEWED, add_intent, close_intent

from . import owners
from .times import DEADLINE, LEASE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

Outcome = TokenRefresh.Outcome
#: Nobody renews the connection.
FREE = Q(lease_token="") | Q(lease_until=None)


@dataclass(frozen=True)
class Lease:
    """The right to renew the generation of ``row`` as it was read when the claim was made."""

    row: Connection
    token: str
    #: By this process's monotonic clock: when the provider must have answered.
    deadline: float = field(default_factory=lambda: monotonic() + DEADLINE)

    def __repr__(self) -> str:
        return f"Lease({self.row.pk}, generation {self.row.generation})"

    @property
    def held(self) -> QuerySet[Connection]:
        """The row, as long as nobody wrote another generation or took the lease over."""
        return Connection.objects.filter(pk=self.row.pk, generation=self.row.generation, lease_token=self.token)

    @property
    def left(self) -> float:
        """Seconds that are left for asking the provider."""
        return self.deadline - monotonic()


def end_token(row: Connection) -> None:
    """The provider refuses this generation's token although it should live: nobody sends it any more."""
    Connection.objects.filter(pk=row.pk, generation=row.generation, expires_at__gt=Now()).update(expires_at=Now())


def claim(row: Connection, *, ahead: bool = False) -> Lease | None:
    """Takes the right to renew this generation, and commits the intent to do so; None if somebody else has it.

    One UPDATE decides: it finds the row only if generation and lease are still those that were read, the lease is free,
    over, or its process is dead, and no failure is being waited out. ``ahead``: the clock asks, not a caller.
    """
    lease = Lease(row, secrets.token_hex(16))
    rested = Q(refresh_after=None) | Q(refresh_after__lte=Now())
    rows = Connection.objects.filter(rested, pk=row.pk, generation=row.generation, lease_token=row.lease_token)
    rows = rows.exclude(state=Connection.State.NEEDS_AUTHORIZATION)
    if row.lease_token and not _is_orphan(row):
        rows = rows.filter(Q(lease_until=None) | Q(lease_until__lte=Now()))
        # Who waits looks every second. An UPDATE that finds nothing still locks the table, and on SQLite the database.
        if not rows.exists():
            return None
    with transaction.atomic():
        # Due from now on: if no answer comes, the clock asks again while the provider still takes the same token.
        if not rows.update(lease_token=lease.token, lease_until=Now() + timedelta(seconds=LEASE), due_at=Now()):
            return None
        if row.lease_token:
            _close(row.lease_token, Outcome.ABANDONED, "Its process ended before the answer was stored.")
        intent = TokenRefresh(
            connection_id=row.pk,
            generation=row.generation,
            lease=lease.token,
            owner=owners.me(),
            ahead=ahead,
            started_at=timezone.now(),
        )
        add_intent(intent)
    return lease


def _is_orphan(row: Connection) -> bool:
    """Whether the process that holds the lease has surely ended, so that the same request may be repeated at once."""
    intent = TokenRefresh.objects.filter(lease=row.lease_token).values_list("owner", flat=True).first()
    return intent is not None and owners.is_dead(intent)


def let_go(
    lease: Lease, outcome: TokenRefresh.Outcome, reason: str, figures: Mapping[str, int] | None = None, **columns: Any
) -> bool:
    """Gives the right back without having renewed; whether it was still ours. The refresh token stays as it is.

    ``columns`` are written on the connection, ``figures`` on the intent.
    """
    with transaction.atomic():
        mine = lease.held.update(lease_token="", lease_until=None, **columns)
        _close(lease.token, outcome if mine else Outcome.SUPERSEDED, reason, **(figures or {}))
    return bool(mine)


def close(lease: Lease, outcome: TokenRefresh.Outcome, reason: str = "", **columns: Any) -> None:
    """Writes down how the renewal ended."""
    _close(lease.token, outcome, reason, **columns)


def _close(token: str, outcome: TokenRefresh.Outcome, reason: str, **columns: Any) -> None:
    values = {"outcome": outcome, "reason": reason, "ended_at": timezone.now(), **columns}
    if values.keys() == set(RENEWED):
        close_intent(token, **values)
        return
    open_ones = TokenRefresh.objects.filter(lease=token, ended_at=None)
    open_ones.update(**values)
