"""What Prometheus is told of the vault, and what callers tell us of their waits.

Web processes, workers and beat are separate processes, often on several machines, and only web processes are asked for
metrics. So everything is counted in the database, and each of them tells the same. prometheus_client's own way for
several processes, files that they share, would miss those on other machines.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import threading
from typing import TYPE_CHECKING, Any

from celery.signals import task_postrun
from django.core.signals import request_finished
from django.db import DatabaseError
from django.utils import timezone

from integrations.vault.tally import Metric, Sample, Series, add, hour_of

if TYPE_CHECKING:
    from datetime import datetime

log = logging.getLogger(__name__)


class Waits:
    """Waits of this process that are not stored yet. Two hundred waiters cost one UPDATE, not two hundred."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: dict[Series, Sample] = {}
        self._storing = False

    def note(self, provider: str, seconds: float, at: datetime) -> None:
        """Adds one wait; touches nothing but memory."""
        with self._lock:
            series = Series(hour_of(at), Metric.WAITED, provider)
            self._pending.setdefault(series, Sample()).measure(Metric.WAITED, seconds)

    def store(self) -> None:
        """Adds what is pending to the tally. If somebody else is at it, they take ours along."""
        with self._lock:
            if self._storing or not self._pending:
                return
            self._storing = True
        while (taken := self._take()) is not None:
            try:
                add(taken)
            except DatabaseError:
                self._put_back(taken)
                return

    def _take(self) -> dict[Series, Sample] | None:
        with self._lock:
            taken, self._pending = self._pending, {}
            self._storing = bool(taken)
            return taken or None

    def _put_back(self, taken: dict[Series, Sample]) -> None:
        log.warning("Waits for renewals could not be counted yet")
        with self._lock:
            for series, sample in taken.items():
                self._pending.setdefault(series, Sample()).merge(sample)
            self._storing = False

    def forget(self) -> None:
        """Begins anew: a forked process does not count what its parent will."""
        self.__init__()  # type: ignore[misc]  # a lock that another thread held during the fork is never released


_waits = Waits()
os.register_at_fork(after_in_child=_waits.forget)


def waited(provider: str, seconds: float) -> None:
    """A caller waited so long for somebody else's renewal. Stored when its request or job has ended."""
    _waits.note(provider, seconds, timezone.now())


def store_waits(**_signal: Any) -> None:
    """Stores what this process has noted. Called at the end of every request and job; mostly there is nothing."""
    _waits.store()


def _at_exit() -> None:
    with contextlib.suppress(Exception):  # the process ends either way, and these are figures
        _waits.store()


request_finished.connect(store_waits, dispatch_uid="integrations.waits")
task_postrun.connect(store_waits, dispatch_uid="integrations.waits")
atexit.register(_at_exit)
