"""Threads that renew side by side: so many for each provider host, beginning with one.

A host that answers gets more, one that does not gets fewer and soon a rest. A registration that its provider refuses
is not used again in this run. So a slow or dead host costs few requests, and does not hold up another.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connections

from integrations.models import TokenRefresh
from xoplatform.core.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .waiting import Due, Route

log = logging.getLogger(__name__)

Outcome = TokenRefresh.Outcome
#: After so many failures in a row a host is left alone for `REST` seconds.
SILENCES, REST = 5, 20.0
#: Threads for all hosts together, for each one that a single host may have.
HOSTS_AT_FULL = 4


@dataclass
class Host:
    """How a token endpoint's host has answered in this run."""

    allowed: int = 1
    running: int = 0
    silences: int = 0
    rests_until: float = 0.0

    def answered(self, most: int) -> None:
        self.silences = 0
        self.allowed = min(self.allowed * 2, most)

    def was_silent(self) -> None:
        self.silences += 1
        self.allowed = max(1, self.allowed // 2)
        if self.silences >= SILENCES:
            self.rests_until = time.monotonic() + REST

    @property
    def room(self) -> int:
        return 0 if time.monotonic() < self.rests_until else max(0, self.allowed - self.running)


@dataclass
class Lane:
    """What waits for one registration at one host. Until it was accepted once, one request at a time tries it."""

    host: Host
    waiting: deque[Due] = field(default_factory=deque)
    running: int = 0
    accepted: bool = False
    refused: bool = False

    @property
    def room(self) -> int:
        """How many renewals may begin now."""
        if self.refused or not self.waiting:
            return 0
        mine = len(self.waiting) if self.accepted else 1 - self.running
        return min(mine, self.host.room)


@dataclass
class Tally:
    """What became of a run's connections. ``renewed`` holds their numbers."""

    tried: set[int] = field(default_factory=set)
    renewed: list[int] = field(default_factory=list)
    failed: int = 0


class Lanes:
    """All lanes of a run. ``renew`` is called in a thread with the number of a connection."""

    def __init__(self, renew: Callable[[int], Outcome | None], per_host: int) -> None:
        self.tally = Tally()
        self._renew, self._per_host, self._most = renew, per_host, per_host * HOSTS_AT_FULL
        self._hosts: dict[str, Host] = {}
        self._lanes: dict[Route, Lane] = {}
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._turn = threading.Condition()

    def refill(self, rows: Iterable[tuple[Due, Route]]) -> None:
        """Puts these in place of all that waits, except what this run has tried before."""
        with self._turn:
            for lane in self._lanes.values():
                lane.waiting.clear()
            for due, route in rows:
                if due.connection_id in self.tally.tried:
                    continue
                self._lane(route).waiting.append(due)
            self._call()

    def _lane(self, route: Route) -> Lane:
        if route not in self._lanes:
            self._lanes[route] = Lane(self._hosts.setdefault(route.host, Host()))
        return self._lanes[route]

    @property
    def left(self) -> int:
        """How many wait that could be begun, now or once there is room."""
        now = time.monotonic()
        lanes = [lane for lane in self._lanes.values() if not lane.refused and now >= lane.host.rests_until]
        return sum(len(lane.waiting) for lane in lanes)

    def wait(self, seconds: float) -> bool:
        """Waits until nothing is under way and nothing can begin, or the time is over; whether there is nothing."""
        with self._turn:
            return self._turn.wait_for(self._nothing, seconds)

    def close(self) -> None:
        """Begins nothing more, and returns when all that was under way has ended."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()
        for thread in self._threads:
            thread.join()

    def _nothing(self) -> bool:
        return not any(host.running for host in self._hosts.values()) and not self.left

    def _call(self) -> None:
        """Wakes as many threads as there is room for, and starts those that are missing."""
        free = len(self._threads) - sum(host.running for host in self._hosts.values())
        room = sum(lane.room for lane in self._lanes.values())
        for _thread in range(min(room - free, self._most - len(self._threads))):
            thread = threading.Thread(target=self._work, name="keeping", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._turn.notify_all()

    def _work(self) -> None:
        try:
            while (taken := self._take()) is not None:
                lane, due = taken
                self._note(lane, due, self._renewed(due))
        finally:
            connections.close_all()

    def _take(self) -> tuple[Lane, Due] | None:
        """The next one in turn at the host with the fewest under way; waits for it. None: the run is over."""
        with self._turn:
            while not self._closed:
                open_ones = [lane for lane in self._lanes.values() if lane.room > 0]
                if open_ones:
                    lane = min(open_ones, key=lambda lane: (lane.host.running, lane.waiting[0].place))
                    due = lane.waiting.popleft()
                    lane.running += 1
                    lane.host.running += 1
                    self.tally.tried.add(due.connection_id)
                    return lane, due
                self._turn.wait()
        return None

    def _renewed(self, due: Due) -> Outcome | None:
        try:
            return self._renew(due.connection_id)
        except PlatformError as error:  # nothing was sent: the registration, or the provider itself, is missing
            log.warning("A token was not renewed", extra={"connection": due.connection_id, "reason": error.code})
            return Outcome.CLIENT_REFUSED
        except Exception:
            log.exception("A renewal broke off", extra={"connection": due.connection_id})
            connections.close_all()  # a spoilt database connection must not spoil the next one
            return Outcome.UNAVAILABLE

    def _note(self, lane: Lane, due: Due, outcome: Outcome | None) -> None:
        with self._turn:
            lane.running -= 1
            lane.host.running -= 1
            if outcome == Outcome.UNAVAILABLE:
                lane.host.was_silent()
            elif outcome is not None:
                lane.host.answered(self._per_host)
                lane.refused = lane.refused or outcome == Outcome.CLIENT_REFUSED
                lane.accepted = not lane.refused
            if outcome == Outcome.RENEWED:
                self.tally.renewed.append(due.connection_id)
            elif outcome in (Outcome.UNAVAILABLE, Outcome.CLIENT_REFUSED, Outcome.LOST):
                self.tally.failed += 1
            self._call()
