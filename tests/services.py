"""The services that some tests need, whether they answer here, and databases of a run's own.

``python -m tests.services create-database URL NAME`` (or ``drop-database``, ``delete-queue``) serves `.ci/run`.
"""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import psycopg
import redis
from kombu import Connection
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Where each service is, by the mark of the tests that need it.
VARIABLES = {
    "postgres": "XO_TEST_POSTGRES_URL",
    "redis": "XO_TEST_REDIS_URL",
    "rabbitmq": "XO_TEST_RABBITMQ_URL",
    "browser": "XO_TEST_BROWSER",
}


def required() -> set[str]:
    """Services that must answer: `XO_REQUIRE`, comma separated. Their absence fails the run instead of skipping."""
    return {name for name in os.environ.get("XO_REQUIRE", "").split(",") if name}


@cache
def trouble_with(service: str) -> str | None:
    """Why tests of ``service`` cannot run here, or ``None``."""
    address = os.environ.get(VARIABLES[service], "") or (_chromium() if service == "browser" else "")
    if not address:
        return f"{service}: {VARIABLES[service]} is not set"
    try:
        _PROBES[service](address)
    except Exception as error:  # noqa: BLE001 -- each client has errors of its own; all mean the same here
        return f"{service} does not answer: {type(error).__name__}"
    return None


def browser() -> str:
    """The path of Chromium."""
    return os.environ.get("XO_TEST_BROWSER") or _chromium()


def _chromium() -> str:
    return next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
    )


def _postgres(url: str) -> None:
    psycopg.connect(url, connect_timeout=5).close()


def _redis(url: str) -> None:
    redis.Redis.from_url(url, socket_connect_timeout=5).ping()


def _rabbitmq(url: str) -> None:
    with Connection(url, connect_timeout=5) as connection:
        connection.connect()


def _browser(path: str) -> None:
    if not os.access(path, os.X_OK):
        raise FileNotFoundError(path)


_PROBES: dict[str, Callable[[str], None]] = {
    "postgres": _postgres,
    "redis": _redis,
    "rabbitmq": _rabbitmq,
    "browser": _browser,
}


def delete_queue(url: str, name: str) -> None:
    """Removes a run's queue from a broker that keeps queues."""
    with Connection(url) as broker:
        channel: Any = broker.default_channel
        channel.queue_delete(name)


def main(arguments: Iterable[str]) -> None:
    verb, url, name = arguments
    if verb == "delete-queue":
        delete_queue(url, name)
        return
    statements = {"create-database": "CREATE DATABASE {}", "drop-database": "DROP DATABASE IF EXISTS {} WITH (FORCE)"}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statements[verb]).format(sql.Identifier(name)))


if __name__ == "__main__":
    main(sys.argv[1:])
