"""The floor: one SELECT, one committed write, keep-alive HTTP, nothing else."""

from __future__ import annotations

import json
import sqlite3
from typing import Any
from urllib.parse import urlsplit

import psycopg

from .dialog import Provider, step
from .pool import Pool

TABLE = "CREATE TABLE floor_state (id integer PRIMARY KEY, state text NOT NULL)"


class Floor:
    """Holds a conversation's state in one row. SQLite and PostgreSQL, as the address says."""

    def __init__(self, database_url: str, provider_url: str) -> None:
        self._provider = Provider(provider_url)
        self._mark = "?" if database_url.startswith("sqlite") else "%s"
        self._connections = Pool(lambda: connect(database_url))

    def prepare(self) -> None:
        """Makes the table anew."""
        connection = self._connections.take()
        connection.execute("DROP TABLE IF EXISTS floor_state")
        connection.execute(TABLE)
        self._connections.give_back(connection)

    def open(self, conversation: int) -> None:
        connection = self._connections.take()
        connection.execute(f"INSERT INTO floor_state VALUES ({self._mark}, '{{}}')", (conversation,))
        self._connections.give_back(connection)

    def turn(self, conversation: int, text: str) -> str:
        connection = self._connections.take()
        select = f"SELECT state FROM floor_state WHERE id = {self._mark}"
        row = connection.execute(select, (conversation,)).fetchone()
        state, reply = step(json.loads(row[0]), text, self._provider)
        update = f"UPDATE floor_state SET state = {self._mark} WHERE id = {self._mark}"
        connection.execute(update, (json.dumps(state), conversation))
        self._connections.give_back(connection)
        return reply


def connect(database_url: str) -> Any:
    """A connection in which every statement commits by itself."""
    if not database_url.startswith("sqlite"):
        return psycopg.connect(database_url, autocommit=True)
    connection = sqlite3.connect(urlsplit(database_url).path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection
