"""One run over all connections that are due, of which the whole installation has one at a time."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from integrations.flows.refresh import owners, renew_ahead
from integrations.models import RefreshRun

from . import waiting
from .lanes import Lanes
from .pruning import settle

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

#: Seconds in which a run begins renewals. With the last ones' own deadline it ends well before the job's time limit.
BUDGET = 120.0
#: Seconds between two looks at what is due, so that what falls due meanwhile has its fair turn.
LOOK_EVERY = 5.0
#: Seconds after which a run whose process does not tell of itself may be taken over.
HOLD = 60.0


@dataclass(frozen=True)
class Kept:
    """What a run did. ``more``: it ended for lack of time, and the rest is worth another run at once."""

    found: int = 0
    renewed: list[int] = field(default_factory=list)
    failed: int = 0
    more: bool = False


def keep_alive(*, budget: float = BUDGET, stopping: Callable[[], bool] = lambda: False) -> Kept:
    """Renews what is due, for so many seconds; ``stopping`` tells that the process is to end.

    It does nothing while another run is open whose process lives. Safe to be killed at any instant: what was being
    renewed is repeated by its lease, and the next beat opens a new run. Open no database transaction around it.
    """
    if not waiting.due().exists():
        return Kept()
    run = _open()
    if run is None:
        return Kept()
    settle()
    lanes = Lanes(renew_ahead, settings.XO_REFRESHES_PER_HOST)
    try:
        more = _go(run, lanes, time.monotonic() + budget, stopping)
    finally:
        lanes.close()
        _tell(run, lanes, ended_at=Now())
    tally = lanes.tally
    return Kept(len(tally.tried), tally.renewed, tally.failed, more)


def _go(run: RefreshRun, lanes: Lanes, end: float, stopping: Callable[[], bool]) -> bool:
    """Renews until nothing is left or the time is over; whether something is left."""
    routes = waiting.Routes()
    while True:
        rows = waiting.look()
        routes.learn(rows)
        lanes.refill((row, route) for row in rows if (route := routes.of(row)) is not None)
        pause = min(LOOK_EVERY, end - time.monotonic())
        if lanes.wait(max(pause, 0.0)):
            return False
        if stopping():
            return False  # the next beat goes on, in whichever worker
        if time.monotonic() >= end:
            return lanes.left > 0
        if not _tell(run, lanes, until=Now() + timedelta(seconds=HOLD)):
            log.warning("Another run has taken over")
            return False


def _open() -> RefreshRun | None:
    """Opens a run, in place of one whose process is dead or silent; None while another one goes on."""
    for other in RefreshRun.objects.filter(ended_at=None):
        left = Q(pk=other.pk, ended_at=None)
        if not owners.is_dead(other.owner):
            left &= Q(until__lte=Now())
        if not RefreshRun.objects.filter(left).update(ended_at=Now()):
            return None
    try:
        with transaction.atomic():
            return RefreshRun.objects.create(owner=owners.me(), started_at=Now(), until=Now() + timedelta(seconds=HOLD))
    except IntegrityError:
        return None  # another worker opened one in the same instant


def _tell(run: RefreshRun, lanes: Lanes, **columns: object) -> bool:
    """Notes how far the run is; whether it is still ours."""
    tally = lanes.tally
    figures = {"found": len(tally.tried), "renewed": len(tally.renewed), "failed": tally.failed}
    return bool(RefreshRun.objects.filter(pk=run.pk, ended_at=None).update(**figures, **columns))
