"""The floor: one SELECT, one committed write, keep-alive HTTP, nothing else."""

from __future__ import annotations

import json
import sqlite3
from typing import Any
from urllib.parse import urlsplit

import psycopg

from .dialog import Provider, step

TABLE = "CREATE TABLE floor_state (id integer PRIMARY KEY, state text NOT NULL)"


class Floor:
    """Holds a conversation's state in one row. SQLite and PostgreSQL, as the address says."""

    def __init__(self, database_url: str, provider_url: str) -> None:
        self._provider = Provider(provider_url)
        self._connection: Any
        if database_url.startswith("sqlite"):
            self._mark = "?"
            path = urlsplit(database_url).path
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
        else:
            self._mark = "%s"
            self._connection = psycopg.connect(database_url, autocommit=True)

    def prepare(self) -> None:
        """Makes the table anew."""
        self._connection.execute("DROP TABLE IF EXISTS floor_state")
        self._connection.execute(TABLE)

    def open(self, conversation: int) -> None:
        self._connection.execute(f"INSERT INTO floor_state VALUES ({self._mark}, '{{}}')", (conversation,))

    def turn(self, conversation: int, text: str) -> str:
        select = f"SELECT state FROM floor_state WHERE id = {self._mark}"
        row = self._connection.execute(select, (conversation,)).fetchone()
        state, reply = step(json.loads(row[0]), text, self._provider)
        update = f"UPDATE floor_state SET state = {self._mark} WHERE id = {self._mark}"
        self._connection.execute(update, (json.dumps(state), conversation))
        return reply
