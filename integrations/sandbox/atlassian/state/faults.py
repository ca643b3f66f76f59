"""Troubles that tests order: which request they strike, how often, and what happens then."""

from __future__ import annotations

import itertools
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = frozenset(
    {
        "delay",  # the work is done, then the answer waits for `seconds` (`before`: waits first)
        "cut_before",  # the connection ends before anything happened
        "cut_after",  # the work is done and kept, then the connection ends without an answer
        "half",  # the work is done, half of the answer is sent, then the connection ends
        "error",  # HTML with `status` before anything happened
        "unavailable",  # 503 with Retry-After (`bare`: without) before anything happened
        "rate_limited",  # 429 with `reason` and the full header set (`bare`: with none of it)
        "not_json",  # the work is done, the answer is HTML with status 200
        "no_refresh_token",  # token endpoint: a new access token only
        "conflict",  # 409 before anything happened
        "answer",  # `status`, `body` and `headers` as given, before anything happened
    }
)
#: Answered instead of doing the work.
REFUSING = frozenset({"error", "unavailable", "rate_limited", "conflict", "answer"})


@dataclass
class Fault:
    """One ordered trouble. `on` is an operationId, an endpoint name, a group such as `jira`, or `*`."""

    kind: str
    on: str = "*"
    times: int | None = 1
    seconds: float = 0.0
    before: bool = False
    status: int = 500
    reason: str = "jira-burst-based"
    #: Seconds; None means what is usual for the reason.
    retry_after: int | None = None
    bare: bool = False
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    id: int = 0


class Faults:
    """The ordered troubles, oldest first; each strikes `times` times (None: until it is lifted)."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._lifted = threading.Event()

    def order(self, fault: Fault) -> Fault:
        """Adds a trouble; raises ValueError for a kind that does not exist."""
        if fault.kind not in KINDS:
            raise ValueError(fault.kind)
        with self._lock:
            fault.id = next(self._ids)
            self._faults.append(fault)
        return fault

    def strike(self, names: tuple[str, ...]) -> Fault | None:
        """The trouble that befalls a request known under these names, counted down."""
        with self._lock:
            for fault in self._faults:
                if fault.on == "*" or fault.on in names:
                    return self._count_down(fault)
        return None

    def wait(self, seconds: float) -> None:
        """Passes real time, but no longer than until the troubles are lifted."""
        self._lifted.wait(seconds)

    def lift(self) -> None:
        """Takes all troubles back and lets waiting requests go on."""
        with self._lock:
            self._faults.clear()
            lifted, self._lifted = self._lifted, threading.Event()
        lifted.set()

    def as_list(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def _count_down(self, fault: Fault) -> Fault:
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)
        return fault
