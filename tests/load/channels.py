"""Many channels that post through the API for minutes: ``python -m tests.load.channels --seconds 300``.

Starts web, worker and clock of the real stack in a scratch folder, on PostgreSQL and Redis where ``--database`` and
``--broker`` name them, and a provider that takes 50 ms for every answer. Each channel holds one conversation after the
other, *Create an Issue* of five turns, without pause between the messages. Twice during the run, all three are
killed with all their children (SIGKILL) and started again; what was not answered the channels send again. At the end
the API's transcripts and the provider are compared with what the channels sent and heard. Prints figures as JSON, and
exits 1 when a message was lost, doubled or crossed, an issue made twice, or an error met.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import django

from tests.benchmarks import places, stub
from tests.journeys.stack import free_port, plain_environment
from xoplatform import local_env, stack

from . import pieces
from .channel import Channel
from .ledger import Ledger
from .tardy import DELAY, Tardy
from .tracker import RECEIVED

if TYPE_CHECKING:
    from .talks import Heard, Talk

MB = 1024 * 1024
#: Seconds between two looks at the memory.
LOOK = 1.0
#: Seconds that the stack may take to answer after a start.
PATIENCE = 60.0
#: When the processes are killed, as parts of the run.
KILLS = (1 / 3, 2 / 3)


class Run:
    """One measurement."""

    def __init__(self, options: argparse.Namespace, clean: ExitStack) -> None:
        self.options, self._clean = options, clean
        self._numbers = count(1)
        self._lock = threading.Lock()
        self.ledger = Ledger()
        self.heard: list[Heard] = []
        self.memory: list[float] = []

    def measure(self) -> dict[str, Any]:
        """The figures; `ledger` holds what was found wrong."""
        self._start()
        began = time.monotonic()
        self._end = began + self.options.seconds
        with ThreadPoolExecutor(self.options.channels + 1) as threads:
            channels = [Channel(self.port, self.app, key) for key in self.keys]
            talking = [threads.submit(self._talk, channel) for channel in channels]
            self._watch(began)
            for one in talking:
                one.result()
        took = time.monotonic() - began
        self.ledger.compare(channels[0].messages, self._received())
        return self._figures(channels, took)

    def _start(self) -> None:
        folder = self._clean.enter_context(tempfile.TemporaryDirectory(prefix="xo-load-"))
        self._provider = self._clean.enter_context(stub.provider(Tardy))
        self.environ = self._environment(Path(folder))
        os.environ.update(self.environ)
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.load.settings"
        django.setup()
        from django.core.management import call_command

        from . import keys  # needs Django

        call_command("migrate", run_syncdb=True, verbosity=0)
        self.app, self.keys = keys.prepare(self.options.channels)
        self.port = int(self.environ["XO_PORT"])
        self.pieces = [self._piece(name) for name in ("web", "worker", "beat")]
        self.meters = [pieces.Meter(piece) for piece in self.pieces]
        self._wait_for_web()

    def _environment(self, folder: Path) -> dict[str, str]:
        database = f"sqlite:///{folder}/load.sqlite3"
        if self.options.database:
            database = self._clean.enter_context(places.postgres(self.options.database))
        given = {
            **plain_environment(),
            **{k: v for k, v in places.environment("xo", database, self._provider).items() if k.startswith("XO_")},
            "XO_VAR_DIR": str(folder),
            "XO_PORT": str(free_port()),
            "WEB_CONCURRENCY": str(self.options.web),
            "XO_QUEUE": f"xo-load-{os.getpid()}",
        }
        if self.options.broker:
            given |= {"XO_BROKER_URL": self.options.broker, "XO_CACHE_URL": self.options.broker}
        return local_env.environment(given)

    def _piece(self, name: str) -> pieces.Piece:
        piece = pieces.Piece(name, self.environ)
        self._clean.callback(piece.kill)
        return piece

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + PATIENCE
        # Not whether it is ready: the tables were made without migrations.
        while not stack.answers(f"http://127.0.0.1:{self.port}/health/live"):
            if time.monotonic() > deadline:
                raise TimeoutError(f"The web process does not answer: {self.pieces[0].last_words()}")
            time.sleep(0.1)

    def _talk(self, channel: Channel) -> None:
        while time.monotonic() < self._end:
            with self._lock:
                talk = self.ledger.open(next(self._numbers))
            self._hold(channel, talk)

    def _hold(self, channel: Channel, talk: Talk) -> None:
        while not talk.errors and not talk.ended:
            heard = channel.deliver(talk.next(deliveries=1), f"load-{talk.number}")
            talk.hear(heard)
            with self._lock:
                self.heard.append(heard)

    def _watch(self, began: float) -> None:
        kills = [began + self.options.seconds * part for part in KILLS] if self.options.kill else []
        while time.monotonic() < self._end:
            self.memory.append(sum(piece.rss() for piece in self.pieces) / MB)
            for meter in self.meters:
                meter.read()
            if kills and time.monotonic() >= kills[0]:
                kills.pop(0)
                for piece in self.pieces:
                    piece.kill()
                for piece in self.pieces:
                    piece.start()
            time.sleep(LOOK)

    def _received(self) -> list[dict[str, Any]]:
        with urlopen(self._provider + RECEIVED) as answer:
            found: list[dict[str, Any]] = json.load(answer)
            return found

    def _figures(self, channels: list[Channel], took: float) -> dict[str, Any]:
        fine = [heard.seconds for heard in self.heard if not heard.error]
        hundredths = quantiles(fine, n=100)
        third = max(len(self.memory) // 3, 1)
        return {
            "channels": len(channels),
            "seconds": round(took, 1),
            "provider_ms": DELAY * 1000,
            "conversations": len(self.ledger.talks),
            "messages": len(fine),
            "messages_per_s": round(len(fine) / took, 1),
            "p50_ms": round(hundredths[49] * 1000, 1),
            "p99_ms": round(hundredths[98] * 1000, 1),
            "longest_s": round(max(fine), 1),
            "errors": sum(bool(heard.error) for heard in self.heard),
            "sent_again": sum(channel.sent_again for channel in channels),
            "answered_later": sum(channel.answered_later for channel in channels),
            "killed": len(KILLS) if self.options.kill else 0,
            "rss_mb": [round(median(self.memory[at : at + third])) for at in (0, third, 2 * third)],
            "cpu_s": {
                piece.name: round(meter.seconds, 1) for piece, meter in zip(self.pieces, self.meters, strict=True)
            },
            **self.ledger.counts(),
        }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.channels", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--channels", type=int, default=50)
    parser.add_argument("--web", type=int, default=2, help="web processes")
    parser.add_argument("--no-kill", dest="kill", action="store_false", help="let all processes live")
    parser.add_argument("--database", default="", metavar="URL", help="a PostgreSQL server; SQLite without it")
    parser.add_argument("--broker", default="", metavar="URL", help="a Redis server; the folder queue without it")
    options = parser.parse_args()
    with ExitStack() as clean:
        run = Run(options, clean)
        figures = run.measure()
    print(json.dumps(figures, indent=2))  # noqa: T201 -- what was asked for
    for words in run.ledger.told():
        print(f"✗ {words}", file=sys.stderr)  # noqa: T201
    return 1 if run.ledger.faults or figures["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
