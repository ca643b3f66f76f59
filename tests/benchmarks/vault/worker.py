"""A process of a subject: ``python -m tests.benchmarks.vault.worker SUBJECT``.

It does what each line of its standard input says, one JSON object a line, and answers each with one.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from .subjects import Grant, make

if TYPE_CHECKING:
    from .subjects import Subject


class Worker:
    """The commands, by name."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def prepare(self, grants: list[list[Any]]) -> dict[str, Any]:
        self._subject.prepare([Grant(*grant) for grant in grants])
        return {}

    def warm(self, grant: int) -> dict[str, Any]:
        """One refresh, so that imports and the first connection are not measured."""
        self._subject.token(grant)
        return {}

    def ask(self, grant: int, threads: int, at: float) -> dict[str, Any]:
        """All threads ask for one token at the same moment: ``at`` is of the clock that all processes share."""
        waits: list[float] = []
        errors: Counter[str] = Counter()

        def call() -> None:
            time.sleep(max(0.0, at - time.monotonic()))
            try:
                self._subject.token(grant)
            except Exception as error:  # noqa: BLE001 -- whatever a subject raises is a figure here
                errors[type(error).__name__] += 1
            waits.append(time.monotonic() - at)

        callers = [threading.Thread(target=call) for _ in range(threads)]
        for caller in callers:
            caller.start()
        if time.monotonic() > at:
            raise RuntimeError("The callers were not ready in time: give --lead more seconds.")
        for caller in callers:
            caller.join()
        return {"waits": waits, "errors": errors}

    def renew_due(self, grants: int, threads: int) -> dict[str, Any]:
        """Renews all; wall clock and CPU of this process in seconds."""
        numbers = list(range(1, grants + 1))
        cpu, wall = _cpu(), time.perf_counter()
        errors = self._subject.renew_due(numbers, threads)
        return {"wall": time.perf_counter() - wall, "cpu": _cpu() - cpu, "errors": Counter(errors)}

    def stored(self, grant: int) -> dict[str, Any]:
        """Which refresh token of the grant is kept, by its number."""
        return {"number": int(self._subject.stored(grant).split(".")[2])}

    def idle(self, connections: int, days: int) -> dict[str, Any]:
        """What a beat costs; the product's processes alone can tell."""
        from .idle import measure

        return measure(connections, days)


def _cpu() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main(name: str) -> None:
    worker = Worker(make(name))
    print(json.dumps({"ready": name}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        answer = getattr(worker, order.pop("do"))(**order)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
