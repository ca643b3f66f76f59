"""When the clock renews a grant without being asked.

A grant that was used since its last renewal is renewed shortly before its token ends, so that the next caller does not
wait. One that nobody uses is left alone until the provider would end it for lack of use.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from integrations.models import Connection

#: How long before its token ends a used grant is renewed; a third of the token's life where that is less.
AHEAD = timedelta(minutes=10)
#: The share of the inactivity limit that is left when an idle grant is renewed.
SPARE = 3
#: How old the note of the last use may grow before it is written again; saves a write on most calls.
NOTED_EVERY = timedelta(minutes=1)


def when_idle(now: datetime, inactivity_days: int | None) -> datetime | None:
    """When a grant that was renewed now is renewed again if nobody uses it; None: the provider sets no limit."""
    return now + timedelta(days=inactivity_days) * (SPARE - 1) / SPARE if inactivity_days else None


def when_used(row: Connection) -> datetime | None:
    """When a grant that is used is renewed; None: its token does not end, or nothing can renew it."""
    if row.kind != Connection.Kind.OAUTH or row.expires_at is None:
        return None
    life = life_of(row)
    return row.expires_at - (min(AHEAD, life / SPARE) if life else AHEAD)


def life_of(row: Connection) -> timedelta | None:
    """How long its present token lives in all, if that is known."""
    renewed = _renewed_at(row)
    return row.expires_at - renewed if row.expires_at and renewed and row.expires_at > renewed else None


def used(row: Connection) -> None:
    """Notes that the grant was used; its first use after a renewal brings the next one forward."""
    now = timezone.now()
    last, renewed = row.last_used_at, _renewed_at(row)
    first = last is None or (renewed is not None and last < renewed)
    if last is not None and not first and now - last <= NOTED_EVERY:
        return
    rows = Connection.objects.filter(pk=row.pk)
    due = when_used(row) if first else None
    if due is None:
        rows.update(last_used_at=now)
    else:
        # Of another generation the expiry is another one, and so is the time at which it is due.
        same = rows.filter(Q(generation=row.generation) & ~Q(state=Connection.State.NEEDS_AUTHORIZATION))
        if not same.update(last_used_at=now, due_at=Least(Coalesce(F("due_at"), due), due)):
            rows.update(last_used_at=now)
    row.last_used_at = now


def _renewed_at(row: Connection) -> datetime | None:
    known = [moment for moment in (row.authorized_at, row.last_refreshed_at) if moment is not None]
    return max(known, default=None)
