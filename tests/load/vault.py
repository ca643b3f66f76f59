"""Very many grants whose tokens end in one minute: ``python -m tests.load.vault --connections 2000``.

Starts two workers, clock and sandbox of the real stack in a scratch folder; the token endpoint takes 0.2 s for every
answer. All tokens end within the same minute, and the clock has been away, so that all of them are due at once.
Midway the worker that has the run is killed with its children (SIGKILL) and started again. Prints the figures as JSON,
and exits 1 when a token was not renewed before it ended, was renewed twice without need, or does not work.

``--database`` takes a PostgreSQL URL (an empty database), ``--broker`` a Redis or RabbitMQ URL with ``--queue`` as the
name of a queue of its own; without them SQLite and the folder queue of `make run` are measured. ``--no-clock`` leaves
the beat out and does its part at once, which makes a short run shorter. ``--kill-at 0`` kills nobody.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import requests

from tests.journeys.stack import free_port, plain_environment
from tests.sandbox import Sandbox
from xoplatform import local_env

from . import pieces

if TYPE_CHECKING:
    from collections.abc import Callable

#: Renewals that may be under way at one host when their process is killed; each is then repeated.
UNDER_WAY = 8
#: Seconds between two looks.
PAUSE = 0.25
#: Of so many connections the new access token is used for a call.
CALLS = 20


class Run:
    """One measurement."""

    def __init__(self, options: argparse.Namespace, clean: ExitStack) -> None:
        self.options, self._clean = options, clean
        self.figures: dict[str, Any] = {"connections": options.connections}

    def measure(self) -> None:
        self._start()
        self._renew()
        self._reckon()

    def _start(self) -> None:
        folder = self._clean.enter_context(tempfile.TemporaryDirectory(prefix="xo-load-"))
        self.environ = _environment(self.options, Path(folder))
        os.environ.update(self.environ)
        os.environ["DJANGO_SETTINGS_MODULE"] = "xoplatform.settings"
        pieces.set_up(self.environ)
        django.setup()
        from . import grants  # needs Django

        self.grants = grants
        self.sandbox_piece = self._piece("sandbox")
        self.sandbox = Client(self.environ)
        self._wait(self.sandbox.answers, 60, "the sandbox does not answer")
        grants.add(self.sandbox, self.options.connections, self.options.apps)
        self.sandbox.forget_counts()
        self.sandbox.fault("delay", on="token.refresh", times=None, seconds=self.options.delay)
        self.workers = [self._piece("worker") for _ in range(2)]
        self.meters = [pieces.Meter(piece) for piece in (*self.workers, self.sandbox_piece)]

    def _piece(self, name: str) -> pieces.Piece:
        piece = pieces.Piece(name, self.environ)
        self._clean.callback(piece.kill)  # nothing is left that an orderly end could spoil
        return piece

    def _renew(self) -> None:
        self.began = self.grants.let_expire(self.options.ends_in, 60)
        if self.options.clock:
            self._piece("beat")
        else:
            self._tick()
        if self.options.kill_at:
            midway = self.options.connections * (1 - self.options.kill_at)
            self._wait(lambda: self.grants.waiting() <= midway, self.options.patience, "nothing to kill came")
            self._kill()
        self._wait(lambda: not self.grants.waiting(), self.options.patience, "not all were renewed")

    def _kill(self) -> None:
        """The worker that has the run, midway. It is started again, and so is what the clock does every minute."""
        owner = self.grants.owner()
        doomed = next(piece for piece in self.workers if owner in piece.pids())
        doomed.kill()
        self.figures["killed_after"] = self.sandbox.exchanges()
        killed = time.monotonic()
        doomed.start()
        if not self.options.clock:
            self._tick()
        there = self.sandbox.exchanges()
        self._wait(lambda: self.sandbox.exchanges() > there, self.options.patience, "nothing went on")
        self.figures["goes_on_after_s"] = round(time.monotonic() - killed, 1)

    def _tick(self) -> None:
        """What the clock does every minute."""
        from integrations.jobs import keep_alive

        keep_alive.apply_async()

    def _reckon(self) -> None:
        self.sandbox.lift_faults()
        families = self.sandbox.counts()["families"].values()
        stored = list(self.grants.tokens())
        self.figures |= self.grants.reckon(self.began)
        self.figures |= {
            "requests": self.sandbox.counts()["requests"].get("token.refresh", 0),
            "refreshed_once": sum(family["refreshes"] == 1 for family in families),
            "refreshed_twice": sum(family["refreshes"] > 1 for family in families),
            "refused": sum(family["refused"] for family in families),
            "stored_and_current": sum(self.sandbox.is_current(*pair) for pair in stored),
            "calls_that_worked": sum(self.sandbox.call(access) for access, _refresh in stored[:CALLS]),
            "workers_cpu_s": round(sum(meter.seconds for meter in self.meters[:-1]), 1),
            "sandbox_cpu_s": round(self.meters[-1].seconds, 1),
        }

    def _wait(self, until: Callable[[], bool], patience: float, otherwise: str) -> None:
        deadline = time.monotonic() + patience
        while not until():
            if time.monotonic() > deadline:
                words = "\n".join(piece.last_words() for piece in getattr(self, "workers", []))
                raise TimeoutError(f"{otherwise}: {self.figures}\n{words}")
            for meter in getattr(self, "meters", []):
                meter.read()
            time.sleep(PAUSE)

    def faults(self) -> list[str]:
        """What must not be, in words."""
        told, all_of_them = self.figures, self.options.connections
        found = {
            "not all were renewed": told["renewed"] != all_of_them,
            "some were renewed after their end": told["renewed_after_their_end"],
            "more were renewed twice than were under way when the worker was killed":
                told["refreshed_twice"] > (UNDER_WAY if self.options.kill_at else 0),
            "some were not asked for exactly once": told["refreshed_once"] + told["refreshed_twice"] != all_of_them,
            "the provider refused some": told["refused"],
            "not all stored tokens are the newest": told["stored_and_current"] != all_of_them,
            "some new tokens do not work": told["calls_that_worked"] != min(CALLS, all_of_them),
        }  # fmt: skip
        return [words for words, holds in found.items() if holds]


class Client(Sandbox):
    """The sandbox of this run, and calls that show whether a token works there."""

    def __init__(self, environ: dict[str, str]) -> None:
        super().__init__(environ["XO_SANDBOX_URL"])
        self.client_id = environ["XO_SANDBOX_CLIENT_ID"]

    def answers(self) -> bool:
        try:
            return requests.get(self.url, timeout=5).ok
        except requests.RequestException:
            return False

    def is_current(self, access: str, refresh: str) -> bool:
        """Whether both tokens are of the same family, the access token lives and the refresh token is the last one."""
        one, other = self.access_token(access), self.refresh_token(refresh)
        return bool(one["known"] and one["lives"] > 0 and other["current"] and one["family"] == other["family"])

    def call(self, access: str) -> bool:
        url = f"{self.url}/ex/jira/{self.cloud_id()}/rest/api/3/myself"
        return requests.get(url, headers={"Authorization": f"Bearer {access}"}, timeout=10).status_code == 200


def _environment(options: argparse.Namespace, folder: Path) -> dict[str, str]:
    asked = plain_environment()
    asked |= {"XO_VAR_DIR": str(folder), "XO_PORT": str(free_port()), "XO_SANDBOX_PORT": str(free_port())}
    given = {"XO_DATABASE_URL": options.database, "XO_BROKER_URL": options.broker, "XO_QUEUE": options.queue}
    return local_env.environment(asked | {name: value for name, value in given.items() if value})


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.vault", description=__doc__)
    parser.add_argument("--connections", type=int, default=2000)
    parser.add_argument("--apps", type=int, default=11)
    parser.add_argument("--delay", type=float, default=0.2, help="seconds that the token endpoint takes")
    parser.add_argument("--ends-in", type=float, default=180, help="seconds until the first token ends")
    parser.add_argument("--database", default="", help="instead of SQLite")
    parser.add_argument("--broker", default="", help="instead of the folder queue")
    parser.add_argument("--queue", default="", help="its name, where the broker is shared")
    parser.add_argument("--kill-at", type=float, default=0.4, help="the part of them after which a worker is killed")
    parser.add_argument("--patience", type=float, default=600, help="seconds for each phase")
    parser.add_argument("--no-clock", dest="clock", action="store_false")
    options = parser.parse_args()
    with ExitStack() as clean:
        run = Run(options, clean)
        run.measure()
        print(json.dumps(run.figures, indent=2))  # noqa: T201 -- what was asked for
        for words in run.faults():
            print(f"✗ {words}", file=sys.stderr)  # noqa: T201
        return 1 if run.faults() else 0


if __name__ == "__main__":
    sys.exit(main())
