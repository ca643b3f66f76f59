"""Inside a process of a round: counts what others can see of it, writes it down, and lets the trouble strike.

An effect is a statement or a commit at the database, or a request to the provider.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils import timezone

from xoplatform.core import http

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests

    from .plan import Actor

TOKEN_WRITE = ('UPDATE "integrations_connection"', '"access_token" = ')


class Effects:
    """What one process does to the world around it."""

    def __init__(self, name: str, actor: Actor, log: int) -> None:
        self._name, self._trouble, self._skew, self._log = name, actor.trouble, actor.skew, log
        self._count, self._requests = 0, 0
        self._lock = threading.Lock()
        self._gone_until = 0.0
        self._answered = False

    def tell(self, event: str, **details: Any) -> None:
        """Writes a line to the parent; it is kept whatever happens to this process afterwards."""
        line = json.dumps({"who": self._name, "event": event, **details})
        os.write(self._log, f"{line}\n".encode())

    def install(self) -> None:
        """From here on everything is seen. Not undone: the process ends after its work."""
        connection_created.connect(self._watch, weak=False)
        _wrap(BaseDatabaseWrapper, "_commit", self._commit)
        _wrap(BaseDatabaseWrapper, "connect", self._connect)
        _wrap(http.GuardedAdapter, "send", self._send)
        if self._skew:
            _shift_clock(self._skew)

    def _watch(self, connection: BaseDatabaseWrapper, **_: Any) -> None:
        connection.execute_wrappers.append(self._statement)

    def _statement(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        text = str(sql)
        with self._effect(context["connection"]):
            result = execute(sql, params, many, context)
            if text.startswith(TOKEN_WRITE[0]) and TOKEN_WRITE[1] in text:
                self.tell("stored", changed=context["cursor"].rowcount)
        return result

    def _commit(self, original: Callable[..., Any], connection: BaseDatabaseWrapper) -> Any:
        with self._effect(connection):
            return original(connection)

    def _connect(self, original: Callable[..., Any], connection: BaseDatabaseWrapper) -> Any:
        self._be_gone()
        return original(connection)

    def _send(self, original: Callable[..., Any], adapter: Any, request: Any, **options: Any) -> requests.Response:
        self._requests += 1
        mark, asks = f"{self._name}.{self._requests}", str(request.url).endswith("/oauth/token")
        request.headers["X-Sandbox-Mark"] = mark
        with self._effect(None):
            if asks:
                self.tell("asked", mark=mark)
                self._strike_in_flight()
            response: requests.Response = original(adapter, request, **options)
            if asks:
                self.tell("answered", mark=mark, whole=_is_whole(response))
                self._answered = True
        return response

    @contextmanager
    def _effect(self, connection: BaseDatabaseWrapper | None) -> Iterator[None]:
        with self._lock:
            self._count += 1
            number = self._count
        label, here = self._trouble.label, number == self._trouble.at
        if label == "kill before an effect" and here:
            self.die()
        if label == "kill between answer and commit" and self._answered:
            self.die()
        if connection is not None:
            if label == "database gone" and here:
                self._gone_until = time.monotonic() + self._trouble.seconds
                _cut_off(connection)
            self._be_gone()
        yield
        if label == "kill after an effect" and here:
            self.die()
        if label == "database took it and did not say so" and here and connection is not None:
            _cut_off(connection)
            raise OperationalError("the connection was lost while the answer was on its way")

    def _be_gone(self) -> None:
        if time.monotonic() < self._gone_until:
            raise OperationalError("the database is gone for a moment")

    def _strike_in_flight(self) -> None:
        if self._trouble.label == "kill while the provider answers":
            threading.Timer(0.06, self.die).start()

    def die(self) -> None:
        """As if somebody had pulled the plug: nothing is tidied up."""
        self.tell("killed")
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(60)  # until the signal arrives


def _wrap(owner: type, name: str, around: Callable[..., Any]) -> None:
    original = getattr(owner, name)
    setattr(owner, name, lambda self, *args, **options: around(original, self, *args, **options))


def _is_whole(response: requests.Response) -> bool:
    try:
        return response.ok and "access_token" in response.json()
    except ValueError:
        return False


def _cut_off(connection: BaseDatabaseWrapper) -> None:
    """On PostgreSQL the server really ends this connection; SQLite has none that could be ended."""
    if connection.vendor != "postgresql" or connection.connection is None:
        return
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"], port=settings["PORT"] or 5432, user=settings["USER"], password=settings["PASSWORD"],
        dbname=settings["NAME"], autocommit=True,
    ) as other:  # fmt: skip
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])


def _shift_clock(seconds: float) -> None:
    now, moment = timezone.now, time.time
    timezone.now = lambda: now() + timedelta(seconds=seconds)
    time.time = lambda: moment() + seconds


def close_connections() -> None:
    """What must happen before a fork: two processes must not write to one socket or file handle."""
    for connection in connections.all(initialized_only=True):
        connection.close()
