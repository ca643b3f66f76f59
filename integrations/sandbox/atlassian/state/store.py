"""Records in memory, kept in step with one SQLite file so that a restart loses nothing."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Record = TypeVar("Record")


class Store:
    """One lock and one file for all collections. Without a path nothing outlives the process."""

    def __init__(self, path: str | None = None) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._pending: dict[tuple[str, str], str | None] = {}
        self._file = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=NORMAL")
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS records (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID"
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Holds the lock, and writes all that was saved inside at once when the outermost block ends."""
        with self._lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                # Also after an exception: the file must hold what the memory holds.
                if not self._depth:
                    self._flush()

    def write(self, kind: str, key: str, record: object | None) -> None:
        """Remembers a record (None: its removal) for the end of the transaction."""
        with self.transaction():
            self._pending[kind, key] = None if record is None else json.dumps(vars(record))

    def read(self, kind: str) -> list[dict[str, Any]]:
        """All stored documents of a kind."""
        rows = self._file.execute("SELECT body FROM records WHERE kind = ?", (kind,))
        return [json.loads(body) for (body,) in rows]

    def close(self) -> None:
        with self._lock:
            self._file.close()

    def _flush(self) -> None:
        if not self._pending:
            return
        pending, self._pending = self._pending, {}
        self._file.execute("BEGIN")
        for (kind, key), body in pending.items():
            if body is None:
                self._file.execute("DELETE FROM records WHERE kind = ? AND key = ?", (kind, key))
            else:
                self._file.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", (kind, key, body))
        self._file.execute("COMMIT")


class Collection(Generic[Record]):
    """The records of one kind. Change a record, then save it; hold a transaction while doing both."""

    def __init__(self, store: Store, record: type[Record], key: Callable[[Record], str]) -> None:
        self._store = store
        self._kind = record.__name__
        self._key = key
        loaded = (record(**document) for document in store.read(self._kind))
        self._records = {key(each): each for each in loaded}

    def get(self, key: str | None) -> Record | None:
        return None if key is None else self._records.get(key)

    def all(self) -> list[Record]:
        return list(self._records.values())

    def save(self, record: Record) -> Record:
        self._records[self._key(record)] = record
        self._store.write(self._kind, self._key(record), record)
        return record

    def remove(self, record: Record) -> None:
        key = self._key(record)
        self._records.pop(key, None)
        self._store.write(self._kind, key, None)

    def clear(self) -> None:
        for record in self.all():
            self.remove(record)

    def __len__(self) -> int:
        return len(self._records)
