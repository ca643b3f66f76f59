"""``make bench``: a dialog turn as a multiple of a hand-written floor in the same run.

Subjects take turns, so that a noisy neighbour hits all alike; each figure is the median of the rounds.
Options: ``--rounds N``, ``--conversations N``, ``--json FILE``. PostgreSQL is measured where
XO_BENCH_POSTGRES_URL names a server whose role may create databases.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg

from .stub import provider
from .web import measure as measure_web

if TYPE_CHECKING:
    from collections.abc import Iterator

SUBJECTS = ("floor", "bare", "xo")
TITLES = {"floor": "hand-written floor", "bare": "bare Django loop", "xo": "XO Platform"}


@contextmanager
def postgres(url: str) -> Iterator[str]:
    """Address of a new database that is dropped afterwards."""
    name = f"xo_bench_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{url.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """The databases to measure, by name."""
    with tempfile.TemporaryDirectory(prefix="xo-bench-") as folder:
        sqlite = f"sqlite:///{folder}/bench.sqlite3"
        server = os.environ.get("XO_BENCH_POSTGRES_URL", "")
        if not server:
            print("PostgreSQL is left out: XO_BENCH_POSTGRES_URL is not set.\n")
            yield {"SQLite": sqlite}
            return
        with postgres(server) as url:
            yield {"SQLite": sqlite, "PostgreSQL": url}


def environment(subject: str, database: str, stub: str) -> dict[str, str]:
    """What a subject's process needs to know."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "XO_BENCH_SUBJECT": subject,
        "XO_BENCH_PROVIDER": stub,
        "XO_DATABASE_URL": database,
        "XO_ATLASSIAN_API_URL": stub,
        "XO_ATLASSIAN_AUTH_URL": stub,
        "XO_JIRA_CLIENT_ID": "bench",
        "XO_JIRA_CLIENT_SECRET": "bench",
        "XO_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
        "XO_DEBUG": "0",
        "XO_LOG_LEVEL": "WARNING",
        "XO_SECRET_KEY": "bench",
        "XO_ENCRYPTION_KEYS": "YmVuY2gta2V5LWJlbmNoLWtleS1iZW5jaC1rZXktMTI=",
    }


def in_process(subject: str, variables: dict[str, str], conversations: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.subject", subject, str(conversations)]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def run(options: argparse.Namespace) -> dict[str, Any]:
    figures: dict[str, Any] = defaultdict(list)
    with databases() as found, provider() as stub:
        for name, database in found.items():
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, env=environment("xo", database, stub), check=True)
            for _ in range(options.rounds):
                for subject in SUBJECTS:
                    variables = environment(subject, database, stub)
                    figures[f"{name}, in-process/{subject}"].append(
                        in_process(subject, variables, options.conversations)
                    )
                    figures[f"{name}, over HTTP/{subject}"].append(
                        measure_web(subject, variables, options.conversations)
                    )
    return {key: {k: median(row[k] for row in rows) for k in rows[0]} for key, rows in figures.items()}


def report(figures: dict[str, Any]) -> None:
    places = dict.fromkeys(key.rpartition("/")[0] for key in figures)
    for place in places:
        rows = {subject: figures[f"{place}/{subject}"] for subject in SUBJECTS}
        print(f"{place}: CPU per turn")
        for subject, row in rows.items():
            floor, bare = row["cpu_us"] / rows["floor"]["cpu_us"], row["cpu_us"] / rows["bare"]["cpu_us"]
            print(f"  {TITLES[subject]:<20} {row['cpu_us']:8.0f} µs   {floor:5.1f} × floor   {bare:5.2f} × bare Django")
        if "queries" in rows["xo"]:
            product = rows["xo"]
            print(f"  {product['queries']:.1f} queries and {product['commits']:.2f} commits per turn,", end=" ")
            print(f"{product['bytes'] / 1000:.1f} kB stored per conversation of five turns")
        print()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = run(options)
    report(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
