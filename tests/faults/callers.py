"""Many callers at once: processes with threads that all want the token of one connection at the same moment."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connections

from integrations.flows import refresh

from .effects import Effects
from .forked import Watched, together
from .plan import Actor

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Told:
    """What the callers were told: tokens by digest, names of errors, and how long each waited, in seconds."""

    tokens: set[str]
    errors: list[str]
    waits: list[float]
    seen: Watched

    @property
    def p99(self) -> float:
        return sorted(self.waits)[int(len(self.waits) * 0.99)]


def crowd(connection_id: int, *, processes: int, threads: int, budget: float) -> Told:
    """Everybody asks at once."""
    seen = together([_process(connection_id, threads, budget)] * processes, kill_after={}, patience=budget + 60)
    answers = [answer for line in seen.of("told") for answer in line["answers"]]
    return Told(
        {token for token, _error, _wait in answers if token},
        [error for _token, error, _wait in answers if error],
        [wait for _token, _error, wait in answers],
        seen,
    )


def _process(connection_id: int, threads: int, budget: float) -> Callable[[int], None]:
    def work(log: int) -> None:
        answers: list[tuple[str, str, float]] = []
        gate = threading.Barrier(threads)

        def ask() -> None:
            gate.wait()
            began, token, error = time.perf_counter(), "", ""
            try:
                value = refresh.access_token(connection_id, budget=budget).value.reveal()
                token = hashlib.sha256(value.encode()).hexdigest()[:16]
            except Exception as trouble:  # noqa: BLE001 -- told to the test, which allows for none or for one kind
                error = type(trouble).__name__
            answers.append((token, error, round(time.perf_counter() - began, 3)))
            connections.close_all()

        callers = [threading.Thread(target=ask) for _number in range(threads)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        effects = Effects("crowd", Actor("refresh"), log)
        effects.tell("told", answers=answers)
        refresh.finish(budget + 30)
        connections.close_all()

    return work
