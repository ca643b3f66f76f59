"""Links for very many people: ``python -m tests.load.mail --people 10000``.

Starts web, worker and clock of the real stack in a scratch folder, with a mail server on loopback that counts. A
developer presses Enable under *Allow users*; while a mail is being handed over, midway, the worker with its children
is killed (SIGKILL) and started again. Prints the figures as JSON, and exits 1 when somebody got two mails, somebody
got none who is not reported as not known, or the worker's memory grew.

``--database`` takes a PostgreSQL URL (an empty database), ``--broker`` a Redis or RabbitMQ URL; without them SQLite
and the folder queue of `make run` are measured. ``--rate`` is XO_LINK_MAILS_PER_MINUTE, above what can be reached by
default. ``--no-clock`` leaves the beat out and does its part at once, which makes a short run shorter.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from tests.journeys.stack import free_port, plain_environment, ready
from tests.journeys.visitor import Visitor
from xoplatform import local_env

from . import pieces, sink

if TYPE_CHECKING:
    from collections.abc import Callable

MB = 1024 * 1024
#: How much more memory the worker may hold at the end than once it had warmed up, in MB.
GROWTH = 40
#: Processes of the worker: each may be handing one mail over when it is killed.
CHILDREN = 2
#: Seconds between two looks.
PAUSE = 0.5


class Run:
    """One measurement."""

    def __init__(self, options: argparse.Namespace, clean: ExitStack) -> None:
        self.options, self._clean = options, clean
        self.figures: dict[str, Any] = {"people": options.people}
        self.sink = clean.enter_context(sink.listening())
        self.memory: list[tuple[int, int]] = []

    def measure(self) -> None:
        self._start()
        self._enable()
        self._send()
        self._settle()

    def _start(self) -> None:
        folder = self._clean.enter_context(tempfile.TemporaryDirectory(prefix="xo-load-"))
        self.environ = _environment(self.options, Path(folder), self.sink.url)
        os.environ.update(self.environ)
        os.environ["DJANGO_SETTINGS_MODULE"] = "xoplatform.settings"
        pieces.set_up(self.environ)
        django.setup()
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        from . import rows  # needs Django

        self.rows = rows
        rows.add_people(self.options.people)
        self.worker = self._piece("worker")
        if self.options.clock:
            self._piece("beat")
        self._piece("web")
        self._wait(lambda: ready(self.environ["XO_BASE_URL"]), 120, "web does not answer")

    def _piece(self, name: str) -> pieces.Piece:
        piece = pieces.Piece(name, self.environ)
        self._clean.callback(piece.stop)
        return piece

    def _enable(self) -> None:
        """Signs in and enables under Allow users: the second press is the one that is timed."""
        visitor = Visitor(self.environ["XO_BASE_URL"])
        visitor.open("/accounts/login/")
        password = (Path(self.environ["XO_VAR_DIR"]) / "first-sign-in").read_text()
        visitor.press("Sign in", login="admin", password=password)
        visitor.open("/admin/apps/demo/actions/jira/?tab=authorization")
        choices = {"edition": "developer", "authorization_type": "allow_users", "method": "oauth", "card": "system"}
        page = visitor.press("Enable…", **choices)
        assert f"{self.options.people} people" in page.text, page.text
        self.sink.at(self._midway, self._kill)
        self._began = time.monotonic()
        page = visitor.press("Enable")
        self.figures["enable_ms"] = round((time.monotonic() - self._began) * 1000)
        assert page.status_code == 200, page.text

    @property
    def _midway(self) -> int:
        return max(1, int(self.options.people * self.options.kill_at))

    def _kill(self) -> None:
        self.worker.kill()
        self.figures["killed_after_mails"] = self.sink.mails

    def _send(self) -> None:
        """Until every mail has left or was left behind. The kill happens in the mail server's thread meanwhile."""
        self._wait(lambda: "killed_after_mails" in self.figures, self.options.patience, "nothing to kill came")
        self.figures["rss_mb_before_kill"] = self._memory()
        self.worker.start()
        restarted = time.monotonic()
        if not self.options.clock:
            self._tick()
        self._wait(lambda: self.sink.mails > self._midway, self.options.patience, "nothing went on")
        self.figures["goes_on_after_s"] = round(time.monotonic() - restarted, 1)
        self._wait(self._all_sent, self.options.patience, "not all mails were sent")
        self.figures["sent_within_s"] = round(time.monotonic() - self._began, 1)
        self.figures["rss_mb_after_restart"] = self._memory()

    def _all_sent(self) -> bool:
        return self.rows.prepared() and not self.rows.deliveries().get("queued")

    def _settle(self) -> None:
        """What the kill left behind is told as not known, ten minutes later."""
        self._wait(lambda: self.rows.deliveries().get("sending", 0) <= CHILDREN, 60, "mails stay on their way")
        self.rows.let_claims_age()
        if not self.options.clock:
            self._tick()
        self._wait(lambda: not self.rows.deliveries().get("sending"), 120, "left-behind mails stay on their way")
        told = self.rows.deliveries()
        unknown = self.rows.people_of("unknown")
        everybody = {f"person-{n}@example.com" for n in range(self.options.people)}
        missing = everybody - set(self.sink.by_recipient)
        self.figures |= {
            "deliveries": told,
            "mails": self.sink.mails,
            "got_two": self.sink.twice,
            "got_none": len(missing),
            "got_none_and_told_as_sent": len(missing - unknown),
            "mails_per_second": round(self.sink.mails / self.figures["sent_within_s"], 1),
        }

    def _tick(self) -> None:
        """What the clock does every minute."""
        from integrations.link_jobs import send_waiting_links

        send_waiting_links.apply_async()

    def _memory(self) -> dict[str, float]:
        """The worker's memory once it had sent a twentieth of all mails, at most, and in the end."""
        taken, self.memory = self.memory, []
        first = taken[0][0] if taken else 0
        warm = [rss for mails, rss in taken if rss and mails - first >= self.options.people / 20]
        told = {"warm": warm[0], "most": max(warm), "end": warm[-1]} if warm else {}
        return {name: round(value / MB, 1) for name, value in told.items()}

    def _wait(self, until: Callable[[], bool], patience: float, otherwise: str) -> None:
        deadline = time.monotonic() + patience
        while not until():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{otherwise}: {self.figures}, {self.sink.mails} mails")
            if worker := getattr(self, "worker", None):
                self.memory.append((self.sink.mails, worker.rss()))
            time.sleep(PAUSE)

    def faults(self) -> list[str]:
        """What must not be, in words."""
        after = self.figures.get("rss_mb_after_restart") or {"end": 0, "warm": 0}
        unknown = self.figures["deliveries"].get("unknown", 0)
        found = {
            "somebody got two mails": self.figures["got_two"],
            "somebody got no mail and is told to have": self.figures["got_none_and_told_as_sent"],
            "more mails are not known than were under way": unknown > 2,
            "not every link ended as sent or not known":
                self.figures["deliveries"].get("sent", 0) + unknown != self.options.people,
            "the worker's memory grew": after["end"] - after["warm"] > GROWTH,
        }  # fmt: skip
        return [words for words, holds in found.items() if holds]


def _environment(options: argparse.Namespace, folder: Path, mail_url: str) -> dict[str, str]:
    asked = plain_environment()
    asked |= {"XO_VAR_DIR": str(folder), "XO_PORT": str(free_port()), "XO_SANDBOX_PORT": str(free_port())}
    asked |= {"XO_EMAIL_URL": mail_url, "XO_LINK_MAILS_PER_MINUTE": str(options.rate)}
    if options.database:
        asked["XO_DATABASE_URL"] = options.database
    if options.broker:
        asked["XO_BROKER_URL"] = options.broker
    return local_env.environment(asked)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.mail", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--database", default="", help="instead of SQLite")
    parser.add_argument("--broker", default="", help="instead of the folder queue")
    parser.add_argument("--rate", type=int, default=60_000, help="mails a minute")
    parser.add_argument("--kill-at", type=float, default=0.4, help="the part of the mails after which it is killed")
    parser.add_argument("--patience", type=float, default=1800, help="seconds for each phase")
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
