"""Records of renewals: those that nobody will close any more, and those that are old enough to go."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils import timezone

from integrations.flows.refresh.times import LEASE
from integrations.models import Connection, RefreshRun, TokenRefresh
from integrations.vault import tally

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

Outcome = TokenRefresh.Outcome
#: What went well tells little after a week; what did not is looked for after a month still.
KEEP_GOOD, KEEP_ALL = timedelta(days=7), timedelta(days=30)
#: Rows of one DELETE, so that no other writer waits long.
BATCH = 1000


def settle() -> int:
    """Closes what a process left open that ended between storing an answer and writing so down; how many.

    Their lease is no longer on the connection, so that nobody comes by who would close them.
    """
    holding = Connection.objects.filter(pk=OuterRef("connection_id"), lease_token=OuterRef("lease"))
    long_ago = Now() - timedelta(seconds=2 * LEASE)
    rows = TokenRefresh.objects.filter(tallied=False, outcome=Outcome.STARTED, started_at__lt=long_ago)
    reason = "Its process ended before it could write down how it went."
    return rows.exclude(Exists(holding)).update(outcome=Outcome.ABANDONED, reason=reason, ended_at=timezone.now())


def prune() -> int:
    """Deletes what is too old, once it is counted; how many rows. A second run at the same time finds less to do."""
    now = timezone.now()
    tally.fold()
    tally.unite(now)
    counted = TokenRefresh.objects.filter(tallied=True)
    deleted = _delete(counted, now - KEEP_ALL)
    deleted += _delete(counted.filter(outcome__in=(Outcome.RENEWED, Outcome.SUPERSEDED)), now - KEEP_GOOD)
    return deleted + _delete(RefreshRun.objects.exclude(ended_at=None), now - KEEP_GOOD)


def _delete(rows: QuerySet[TokenRefresh] | QuerySet[RefreshRun], before: datetime) -> int:
    """Walks on in time along the index, so that rows which stay are passed once."""
    deleted = 0
    old = rows.filter(started_at__lt=before).order_by("started_at")
    found = list(old.values_list("pk", "started_at")[:BATCH])
    while found:
        number, _by_model = rows.filter(pk__in=[pk for pk, _at in found]).delete()
        deleted += number
        if len(found) < BATCH:
            break
        found = list(old.filter(started_at__gte=found[-1][1]).values_list("pk", "started_at")[:BATCH])
    return deleted
