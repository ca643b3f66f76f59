"""Where subjects are measured: the databases, and what a subject's process is told."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator


#: Other people's engines, and the Python that has them: `make bench` makes it.
PEERS = ("langgraph", "botframework")
PEERS_PYTHON = Path(__file__).resolve().parents[2] / ".venv-peers" / "bin" / "python"


def python_of(subject: str) -> str:
    """The interpreter that a subject runs in."""
    return str(PEERS_PYTHON) if subject in PEERS else sys.executable


def peers() -> tuple[str, ...]:
    """The peers that can be measured here; says so where they cannot."""
    if PEERS_PYTHON.exists():
        return PEERS
    print("LangGraph and Bot Framework are left out: `make ready-peers` installs them.\n")
    return ()


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


def environment(
    subject: str, database: str, stub: str, settings: str = "tests.benchmarks.settings", *, at_once: int = 1
) -> dict[str, str]:
    """What a subject's process needs to know; ``at_once`` conversations are held."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "XO_BENCH_SUBJECT": subject,
        "XO_BENCH_PROVIDER": stub,
        "XO_BENCH_AT_ONCE": str(at_once),
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


def migrate(variables: dict[str, str]) -> None:
    """Makes the tables of everything the settings name."""
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], env=variables, check=True)
