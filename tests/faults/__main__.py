"""``python -m tests.faults --rounds 1000 --profile strict``: kills, cuts and starves the vault, and counts losses.

``--seed`` repeats a run, ``--only N`` one round of it. ``--database`` is a PostgreSQL server's address; a database of
the run's own is made there and dropped again. Exit code 1 if a grant was lost that could have been kept.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import django

from tests import sandbox, services

if TYPE_CHECKING:
    from collections.abc import Iterator


def main() -> int:
    options = _options()
    seed = options.seed if options.seed is not None else secrets.randbelow(1_000_000)
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, database_for(options.database, folder) as database:
        process, url = sandbox.start()
        try:
            set_up(folder, database, url)
            from .run import Run

            run = Run(sandbox.Sandbox(url), options.profile, seed)
            print(f"profile {options.profile}, seed {seed}")
            numbers = range(options.only, options.only + 1) if options.only is not None else range(options.rounds)
            run.go(numbers)
            print(run.table(), run.summary(), sep="\n\n")
            return 1 if run.failed else 0
        finally:
            process.terminate()
            process.wait(timeout=10)


def set_up(folder: str, database: str, sandbox_url: str) -> None:
    """Django with a database of its own that is pointed at this sandbox, and the tables in it."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "XO_VAR_DIR": folder,
        "XO_DATABASE_URL": database,
        "XO_BROKER_URL": "memory://",
        "XO_BASE_URL": "http://127.0.0.1:8000",
        "XO_ATLASSIAN_AUTH_URL": sandbox_url,
        "XO_ATLASSIAN_API_URL": sandbox_url,
        "XO_JIRA_CLIENT_ID": sandbox.CLIENT_ID,
        "XO_JIRA_CLIENT_SECRET": sandbox.CLIENT_SECRET,
    }
    django.setup()
    logging.disable(logging.CRITICAL)  # what breaks is told by the verdict
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)


@contextmanager
def database_for(server: str, folder: str) -> Iterator[str]:
    if not server:
        yield f"sqlite:///{folder}/faults.sqlite3"
        return
    name = f"xo_faults_{os.getpid()}"
    services.main(("create-database", server, name))
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        from .effects import close_connections

        close_connections()
        services.main(("drop-database", server, name))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--profile", choices=("leeway", "strict"), default="leeway", help="of the sandbox")
    parser.add_argument("--seed", type=int, help="a random one is taken and printed without it")
    parser.add_argument("--only", type=int, metavar="N", help="the one round of this number")
    parser.add_argument("--database", default="", metavar="URL", help="a PostgreSQL server; SQLite without it")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
