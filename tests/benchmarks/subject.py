"""One measurement in a process of its own: ``python -m tests.benchmarks.subject SUBJECT CONVERSATIONS``.

Database, provider and how many conversations are held at once come from the environment; the figures go to standard
output as one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from .dialog import LAST_REPLY_HOLDS, MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Those that need no Django, and where they are: the peers are in an environment that has none.
WITHOUT_DJANGO = {
    "floor": (".floor", "Floor"),
    "langgraph": (".peers.langgraph_bot", "LangGraph"),
    "botframework": (".peers.botframework_bot", "BotFramework"),
}


class Subject(Protocol):
    def prepare(self) -> None: ...
    def open(self, conversation: int) -> None: ...
    def turn(self, conversation: int, text: str) -> str: ...


def make(name: str) -> Subject:
    """The subject of this name, with Django ready where it needs it."""
    database, provider = os.environ["XO_DATABASE_URL"], os.environ["XO_BENCH_PROVIDER"]
    if name in WITHOUT_DJANGO:
        module, kind = WITHOUT_DJANGO[name]
        found: Subject = getattr(import_module(module, __package__), kind)(database, provider)
        return found
    import django

    django.setup()
    if name == "bare":
        from .bare import BareDjango

        return BareDjango(provider)
    from .xo import Product

    return Product()


def chat(subject: Subject, conversation: int) -> None:
    """Five turns. Raises RuntimeError unless the last names the issue, so that nothing fast and wrong is measured."""
    for text in MESSAGES:
        reply = subject.turn(conversation, text)
    if LAST_REPLY_HOLDS not in reply:
        raise RuntimeError(reply)


def measure(subject: Subject, conversations: int, at_once: int) -> dict[str, Any]:
    """CPU of this process, all threads, and wall clock; both in microseconds per turn."""
    warm_up = max(20, conversations // 10, 2 * at_once)
    for number in range(1, conversations + warm_up + 1):
        subject.open(number)
    with ThreadPoolExecutor(at_once) as threads:
        # One at a time is measured without a second thread, as a process without threads would work.
        spread: Callable[..., Iterable[None]] = threads.map if at_once > 1 else map
        deque(spread(partial(chat, subject), range(1, warm_up + 1)))
        cpu, wall = time.process_time(), time.perf_counter()
        deque(spread(partial(chat, subject), range(warm_up + 1, conversations + warm_up + 1)))
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
    at_once = int(os.environ["XO_BENCH_AT_ONCE"])
    subject = make(name)
    subject.prepare()
    figures = measure(subject, conversations, at_once)
    if name == "xo" and at_once == 1:
        figures |= database_cost(subject, 50)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
