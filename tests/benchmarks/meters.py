"""What a turn costs the database: statements, commits, bytes."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READS = ("SELECT", "SAVEPOINT", "RELEASE", "BEGIN")


@dataclass
class Meter:
    """Counts while it runs."""

    queries: int = 0
    commits: int = 0

    def execute(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.queries += not sql.startswith("BEGIN")
        if not connection.in_atomic_block and not sql.lstrip().upper().startswith(READS):
            self.commits += 1  # in autocommit mode every writing statement commits by itself
        return execute(sql, params, many, context)


@contextmanager
def metered() -> Iterator[Meter]:
    """Counts the statements and commits of this thread's connection."""
    meter = Meter()
    wrapper: Any = connection
    commit = wrapper._commit

    def counted() -> Any:
        meter.commits += 1
        return commit()

    wrapper._commit = counted
    try:
        with connection.execute_wrapper(meter.execute):
            yield meter
    finally:
        wrapper._commit = commit


def stored_bytes(*app_labels: str) -> int:
    """Bytes of all rows of these apps' tables: as PostgreSQL stores them, or as text in SQLite."""
    tables = [m._meta for label in app_labels for m in apps.get_app_config(label).get_models()]
    total = 0
    with connection.cursor() as cursor:
        for table in tables:
            columns = [connection.ops.quote_name(f.column) for f in table.local_concrete_fields]
            if connection.vendor == "postgresql":
                expression = "pg_column_size(t.*)"
            else:
                expression = " + ".join(f"coalesce(length(cast({c} AS blob)), 0)" for c in columns)
            cursor.execute(f"SELECT coalesce(sum({expression}), 0) FROM {table.db_table} AS t")
            total += int(cursor.fetchone()[0])
    return total
