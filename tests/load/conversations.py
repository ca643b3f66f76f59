"""Very many conversations at once over several processes: ``python -m tests.load.conversations``.

Each conversation is *Create an Issue* of five turns (tests/benchmarks/create_issue.yaml) with a project and a summary
that name it. They are interleaved at random: whichever is next goes to whichever process is free. Some messages are
delivered twice, to two processes if two are there. The provider is a stub that makes an issue for each creation. At the
end no conversation may hold a word of another, none may be lost, and nothing may be doubled: in what the
people heard, in transcripts, traces, states, records of calls, and at the provider. Prints figures as JSON, and exits 1
with words on any fault.

``--database`` takes the address of a PostgreSQL server, where a database is made and dropped; without it SQLite is
measured. ``--seed`` repeats an order as far as the processes' speed allows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from statistics import quantiles
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.request import urlopen

import django

from tests.benchmarks import places, stub

from . import talkers
from .talks import Heard, Message, Talk
from .tracker import RECEIVED, Tracker

if TYPE_CHECKING:
    from .transcripts import Judgement

T = TypeVar("T")
#: Faults that are told in words; the rest are counted.
TOLD = 20


class Run:
    """All conversations from the first message to the last, and what it took."""

    def __init__(self, options: argparse.Namespace, crew: list[talkers.Talker]) -> None:
        self._options, self._crew = options, crew
        self._chance = random.Random(options.seed)
        self.talks = [Talk(number) for number in range(1, options.conversations + 1)]
        self._heard: list[Heard] = []

    def go(self) -> dict[str, Any]:
        """Returns the figures."""
        cpu, began = self._cpu(), time.perf_counter()
        self._talk()
        took = time.perf_counter() - began
        turns = sum(len(talk.replies) for talk in self.talks)
        hundredths = quantiles((heard.seconds for heard in self._heard), n=100)
        return {
            "conversations": len(self.talks),
            "turns": turns,
            "deliveries": len(self._heard),
            "turns_per_s": round(turns / took, 1),
            "wall_s": round(took, 1),
            "p50_ms": round(hundredths[49] * 1000, 1),
            "p99_ms": round(hundredths[98] * 1000, 1),
            "longest_ms": round(max(heard.seconds for heard in self._heard) * 1000, 1),
            "cpu_ms_per_turn": round((self._cpu() - cpu) / max(turns, 1) * 1000, 2),
            "computed_again": sum(heard.stale for heard in self._heard),
            "waits": sum(heard.waits for heard in self._heard),
            "still_working": sum(heard.refused for heard in self._heard),
            "rss_mb": [talker.rss_mb() for talker in self._crew],
        }

    def _talk(self) -> None:
        ready, copies = list(self.talks), list[Message]()
        idle, busy = list(self._crew), list[talkers.Talker]()
        while ready or copies or busy:
            while idle and (ready or copies):
                talker = _draw(idle, self._chance)
                talker.send(copies.pop() if copies else self._next(ready, copies))
                busy.append(talker)
            for talker in talkers.answered(busy):
                busy.remove(talker)
                idle.append(talker)
                self._hear(talker.heard(), ready)

    def _next(self, ready: list[Talk], copies: list[Message]) -> Message:
        twice = self._chance.random() < self._options.twice
        message = _draw(ready, self._chance).next(deliveries=1 + twice)
        if twice:
            copies.append(message)
        return message

    def _hear(self, heard: Heard, ready: list[Talk]) -> None:
        self._heard.append(heard)
        talk = self.talks[heard.talk - 1]
        talk.hear(heard)
        if talk.goes_on:
            ready.append(talk)

    def _cpu(self) -> float:
        return sum(talker.cpu_seconds() for talker in self._crew)


def _draw(of: list[T], chance: random.Random) -> T:
    """One at random; the order of the others does not matter."""
    place = chance.randrange(len(of))
    of[place], of[-1] = of[-1], of[place]
    return of.pop()


def measure(options: argparse.Namespace, clean: ExitStack) -> tuple[dict[str, Any], Judgement]:
    """The figures, and what was found wrong."""
    folder = clean.enter_context(tempfile.TemporaryDirectory(prefix="xo-load-"))
    database = f"sqlite:///{folder}/load.sqlite3"
    if options.database:
        database = clean.enter_context(places.postgres(options.database))
    provider = clean.enter_context(stub.provider(Tracker))
    os.environ |= places.environment("xo", database, provider, "tests.load.settings") | {"XO_VAR_DIR": folder}
    django.setup()
    from django.core.management import call_command

    from . import answering, transcripts

    clean.callback(answering.close)
    call_command("migrate", run_syncdb=True, verbosity=0)
    answering.prepare(options.conversations)
    crew = []
    for _ in range(options.processes):
        crew.append(talkers.Talker())
        clean.callback(crew[-1].end)
    for talker in crew:
        talker.heard()  # that it is there
    run = Run(options, crew)
    figures = {"seed": options.seed, "processes": options.processes, **run.go()}
    judgement = transcripts.Judgement(run.talks)
    judgement.judge(_received(provider))
    return figures | judgement.counts(), judgement


def _received(provider: str) -> list[dict[str, Any]]:
    with urlopen(provider + RECEIVED) as answer:
        found: list[dict[str, Any]] = json.load(answer)
        return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.conversations", description=__doc__)
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--twice", type=float, default=0.05, help="the part of messages that is delivered twice")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="of the order")
    parser.add_argument("--database", default="", metavar="URL", help="a PostgreSQL server; SQLite without it")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended before its time; nothing was judged."))
    with ExitStack() as clean:
        figures, judgement = measure(options, clean)
    print(json.dumps(figures, indent=2))  # noqa: T201 -- what was asked for
    faults = [f"{kind}: {mark}: {words}" for kind, found in judgement.faults.items() for mark, words in found]
    for words in faults[:TOLD]:
        print(f"✗ {words}", file=sys.stderr)  # noqa: T201
    if len(faults) > TOLD:
        print(f"✗ and {len(faults) - TOLD} more", file=sys.stderr)  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
