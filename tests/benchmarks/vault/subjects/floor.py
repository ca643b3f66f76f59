"""The floor: one SELECT, one UPDATE that claims the row, one POST, one UPDATE; who comes second looks again."""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from cryptography.fernet import Fernet
from psycopg_pool import ConnectionPool

from tests.benchmarks.vault.endpoint import access_token, refresh_token

from .together import in_threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import Grant

TABLE = (
    "CREATE TABLE vault_floor (id integer PRIMARY KEY, access text NOT NULL, refresh text NOT NULL,"
    " expires_at double precision NOT NULL, version integer NOT NULL, leased_until double precision NOT NULL)"
)
SELECT = "SELECT access, refresh, expires_at, version FROM vault_floor WHERE id = ?"
CLAIM = "UPDATE vault_floor SET leased_until = ? WHERE id = ? AND version = ? AND leased_until < ?"
WRITE = (
    "UPDATE vault_floor SET access = ?, refresh = ?, expires_at = ?, version = version + 1, leased_until = 0"
    " WHERE id = ?"
)
LEASE = 60.0
#: Seconds between two looks of one who waits.
POLL = 0.05
#: Connections to PostgreSQL of one process.
POOL = 15


class Floor:
    """SQLite and PostgreSQL, as the address says."""

    def __init__(self, database_url: str, endpoint: str, key: str) -> None:
        self._endpoint = endpoint
        self._fernet = Fernet(key)
        self._here = threading.local()
        self._path = urlsplit(database_url).path if database_url.startswith("sqlite") else ""
        self._pool: Any = None
        if not self._path:
            options = {"autocommit": True}
            self._pool = ConnectionPool(database_url, min_size=4, max_size=POOL, timeout=60, kwargs=options, open=True)

    def prepare(self, grants: Sequence[Grant]) -> None:
        self._do("DROP TABLE IF EXISTS vault_floor")
        self._do(TABLE)
        self._do("BEGIN") if self._path else None
        for grant in grants:
            row = (grant.number, self._hide(access_token(grant.number)), self._hide(refresh_token(grant.number)))
            self._do("INSERT INTO vault_floor VALUES (?, ?, ?, ?, 0, 0)", *row, grant.expires_at)
        self._do("COMMIT") if self._path else None

    def token(self, number: int, margin: float = 0.0) -> str:
        while True:
            access, refresh, expires_at, version = self._do(SELECT, number)[1]
            now = time.time()
            if expires_at > now + margin:
                return self._show(access)
            if self._do(CLAIM, now + LEASE, number, version, now)[0]:
                return self._renew(number, refresh)
            time.sleep(POLL)

    def renew_due(self, numbers: Sequence[int], threads: int) -> list[str]:
        return in_threads(lambda number: self.token(number, margin=600.0), numbers, threads)

    def stored(self, number: int) -> str:
        return self._show(self._do(SELECT, number)[1][1])

    def _renew(self, number: int, refresh: str) -> str:
        body = {"grant_type": "refresh_token", "client_id": "bench", "client_secret": "bench"}
        answer = self._session().post(self._endpoint, json={**body, "refresh_token": self._show(refresh)}, timeout=120)
        answer.raise_for_status()
        new = answer.json()
        hidden = self._hide(new["access_token"]), self._hide(new["refresh_token"])
        self._do(WRITE, *hidden, time.time() + new["expires_in"], number)
        return str(new["access_token"])

    def _do(self, sql: str, *values: object) -> tuple[int, Any]:
        """How many rows it changed, and the first row it found."""
        if self._path:
            cursor = self._sqlite().execute(sql, values)
            return cursor.rowcount, cursor.fetchone()
        with self._pool.connection() as connection:
            cursor = connection.execute(sql.replace("?", "%s"), values)
            return cursor.rowcount, cursor.fetchone() if cursor.description else None

    def _sqlite(self) -> sqlite3.Connection:
        if not hasattr(self._here, "connection"):
            self._here.connection = sqlite3.connect(self._path, isolation_level=None, timeout=20)
            self._here.connection.execute("PRAGMA journal_mode=WAL")
            self._here.connection.execute("PRAGMA synchronous=NORMAL")
        connection: sqlite3.Connection = self._here.connection
        return connection

    def _session(self) -> requests.Session:
        if not hasattr(self._here, "session"):
            self._here.session = requests.Session()
        session: requests.Session = self._here.session
        return session

    def _hide(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def _show(self, text: str) -> str:
        return self._fernet.decrypt(text).decode()
