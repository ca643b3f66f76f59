"""``python -m tests.faults.one_refresh --delay 0.2``: 200 callers want one token that has just ended.

Prints one JSON document: requests at the token endpoint, tokens and errors that the callers got, how long they waited,
and on PostgreSQL what was open or locked in the database while the provider had not answered yet.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from typing import Any

from tests import sandbox

from .__main__ import database_for, set_up


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
    looks: list[tuple[int, int]] = []
    look = threading.Thread(target=_look_at_database, args=(options.database, options.delay, looks))
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
        "open_transactions": max((open_ones for open_ones, _locks in looks), default=None),
        "row_locks": max((locks for _open, locks in looks), default=None),
        "looks": len(looks),
        "hung": told.seen.hung + told.seen.errors,
    }


def _look_at_database(url: str, delay: float, looks: list[tuple[int, int]]) -> None:
    """Looks again and again while the provider is slow. Its first tenth is left out: then the claim is committed."""
    import psycopg
    from django.conf import settings

    name = settings.DATABASES["default"]["NAME"]
    time.sleep(max(delay * 0.3, 0.5))
    end = time.monotonic() + delay * 0.4
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < end:
            opened = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state LIKE 'idle in transaction%%'",
                [name],
            ).fetchone()
            locks = connection.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = %s"
                " AND (l.locktype IN ('tuple', 'transactionid') OR l.mode = 'RowExclusiveLock')",
                [name],
            ).fetchone()
            assert opened is not None
            assert locks is not None
            looks.append((opened[0], locks[0]))
            time.sleep(0.05)


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
