"""One measurement in a process of its own: ``python -m tests.benchmarks.subject SUBJECT CONVERSATIONS``.

Database and provider come from the environment; the figures go to standard output as one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any, Protocol

from .dialog import LAST_REPLY_HOLDS, MESSAGES


class Subject(Protocol):
    def prepare(self) -> None: ...
    def open(self, conversation: int) -> None: ...
    def turn(self, conversation: int, text: str) -> str: ...


def make(name: str) -> Subject:
    """The subject of this name, with Django ready where it needs it."""
    if name == "floor":
        from .floor import Floor

        return Floor(os.environ["XO_DATABASE_URL"], os.environ["XO_BENCH_PROVIDER"])
    import django

    django.setup()
    if name == "bare":
        from .bare import BareDjango

        return BareDjango(os.environ["XO_BENCH_PROVIDER"])
    from .xo import Product

    return Product()


def chat(subject: Subject, conversation: int) -> None:
    """Five turns. Raises RuntimeError unless the last names the issue, so that nothing fast and wrong is measured."""
    for text in MESSAGES:
        reply = subject.turn(conversation, text)
    if LAST_REPLY_HOLDS not in reply:
        raise RuntimeError(reply)


def measure(subject: Subject, conversations: int) -> dict[str, Any]:
    """CPU of this process, all threads, and wall clock; both in microseconds per turn."""
    warm_up = max(20, conversations // 10)
    for number in range(1, conversations + warm_up + 1):
        subject.open(number)
    for number in range(1, warm_up + 1):
        chat(subject, number)
    cpu, wall = time.process_time(), time.perf_counter()
    for number in range(warm_up + 1, conversations + warm_up + 1):
        chat(subject, number)
    turns = conversations * len(MESSAGES)
    return {
        "cpu_us": (time.process_time() - cpu) / turns * 1e6,
        "wall_us": (time.perf_counter() - wall) / turns * 1e6,
    }


def database_cost(subject: Subject, conversations: int) -> dict[str, Any]:
    """Statements and commits per turn and bytes per conversation, counted apart so that counting is not timed."""
    from .meters import metered, stored_bytes

    labels = ("dialogs", "integrations")
    numbers = range(10**6, 10**6 + conversations)
    for number in numbers:
        subject.open(number)
    before = stored_bytes(*labels)
    with metered() as meter:
        for number in numbers:
            chat(subject, number)
    turns = conversations * len(MESSAGES)
    return {
        "queries": meter.queries / turns,
        "commits": meter.commits / turns,
        "bytes": (stored_bytes(*labels) - before) / conversations,
    }


def main(name: str, conversations: int) -> None:
    subject = make(name)
    subject.prepare()
    figures = measure(subject, conversations)
    if name == "xo":
        figures |= database_cost(subject, 50)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
