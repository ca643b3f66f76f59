"""``python -m tests.faults.one_refresh --delay 0.2``: 200 callers want one token that has just ended.

Prints one JSON document: requests at the token endpoint, tokens and errors that the callers got, how long they waited,
and on PostgreSQL how long a transaction was open at most while the provider had not answered yet.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tests import sandbox

from .__main__ import database_for, set_up

if TYPE_CHECKING:
    from datetime import datetime


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, database_for(options.database, folder) as database:
        process, url = sandbox.start()
        try:
            set_up(folder, database, url)
            print(json.dumps(measure(sandbox.Sandbox(url), options)))
            return 0
        finally:
            process.terminate()
            process.wait(timeout=10)


def measure(provider: sandbox.Sandbox, options: argparse.Namespace) -> dict[str, Any]:
    from integrations.models import Connection, TokenRefresh

    from .callers import crowd
    from .plan import Actor, Round
    from .stage import prepare

    scene = prepare(provider, Round(0, options.profile, (Actor("refresh"),)))
    provider.fault("delay", on="token", seconds=options.delay)
    provider.forget_counts()
    assert scene.connection_id is not None
    looks: list[Looks] = []
    look = threading.Thread(target=_look_at_database, args=(provider, options, looks))
    began = time.monotonic()
    if options.database:
        look.start()
    told = crowd(scene.connection_id, processes=options.processes, threads=options.threads, budget=options.budget)
    if options.database:
        look.join()
    row = Connection.objects.get(pk=scene.connection_id)
    return {
        "requests": provider.counts()["requests"].get("token.refresh", 0),
        "answers": len(told.waits),
        "tokens": len(told.tokens),
        "errors": sorted(set(told.errors)),
        "failed": len(told.errors),
        "p99": round(told.p99, 3),
        "longest": max(told.waits),
        "took": round(time.monotonic() - began, 3),
        "generation": row.generation,
        "outcomes": list(TokenRefresh.objects.values_list("outcome", flat=True)),
        **asdict(looks[0] if looks else Looks()),
        "hung": told.seen.hung + told.seen.errors,
    }


@dataclass(frozen=True)
class Looks:
    """What was seen of the database while the provider had the request and had not answered."""

    number: int = 0
    watched: float = 0.0
    """Seconds from the first look to the last."""
    held: float = 0.0
    """Seconds for which the longest of the transactions was seen; every row lock belongs to one."""


def _look_at_database(provider: sandbox.Sandbox, options: argparse.Namespace, looks: list[Looks]) -> None:
    """Looks again and again while the provider is slow. Callers come and go meanwhile, each with a short statement:
    what counts is how long one transaction lasts, by its backend and its beginning."""
    import psycopg
    from django.conf import settings

    name = settings.DATABASES["default"]["NAME"]
    late = time.monotonic() + options.budget
    while not provider.counts()["requests"].get("token.refresh"):
        if time.monotonic() > late:
            return
        time.sleep(0.02)
    seen: dict[tuple[int, datetime], tuple[float, float]] = {}
    began = now = time.monotonic()
    number = 0
    with psycopg.connect(options.database, autocommit=True) as connection:
        while now < began + options.delay * 0.7:
            now = time.monotonic()
            number += 1
            for pid, start in connection.execute(
                "SELECT pid, xact_start FROM pg_stat_activity"
                " WHERE datname = %s AND backend_type = 'client backend' AND xact_start IS NOT NULL",
                [name],
            ):
                first, _last = seen.get((pid, start), (now, now))
                seen[pid, start] = (first, now)
            time.sleep(0.05)
    held = max((last - first for first, last in seen.values()), default=0.0)
    looks.append(Looks(number, round(now - began, 3), round(held, 3)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.one_refresh", description=__doc__)
    parser.add_argument("--delay", type=float, default=0.2, help="seconds until the token endpoint answers")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--threads", type=int, default=50)
    parser.add_argument("--budget", type=float, default=60.0, help="seconds that each caller has")
    parser.add_argument("--profile", choices=("leeway", "strict"), default="strict")
    parser.add_argument("--database", default="", metavar="URL", help="a PostgreSQL server; SQLite without it")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
