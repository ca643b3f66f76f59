"""What a beat costs while connections are idle. Runs in a process of the product, because it needs its models."""

from __future__ import annotations

import time
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

BEATS = 5
BATCH = 2000
#: The renewals of the idle grants were spread over so many days.
SPREAD = timedelta(days=30)


def measure(connections: int, days: int) -> dict[str, Any]:
    """The cost of one beat, and the renewals that so many days bring."""
    fill(connections)
    return {"connections": connections, **beats(), **saved(connections, days)}


def fill(connections: int) -> None:
    """So many grants that nobody uses: their tokens long over, the grants not due for another month or two."""
    from django.db import connection
    from django.utils import timezone

    from integrations.flows.due import when_idle
    from integrations.models import Connection
    from xoplatform.core.crypto import Sealed
    from xoplatform.models import EndUser

    from .subjects.xo import empty, enabled_action

    empty()
    action, now, limit = enabled_action(0), timezone.now(), inactivity_days()
    for begin in range(0, connections, BATCH):
        numbers = range(begin, min(begin + BATCH, connections))
        people = EndUser.objects.bulk_create(EndUser(app=action.app, external_id=f"idle-{n}") for n in numbers)
        rows = []
        for number, person in zip(numbers, people, strict=True):
            renewed = now - SPREAD * (number / connections)
            rows.append(
                Connection(
                    pk=number + 1,
                    action=action,
                    end_user=person,
                    client_id="bench",
                    authorized_at=renewed,
                    expires_at=renewed + timedelta(hours=1),
                    refresh_expires_at=renewed + timedelta(days=limit),
                    due_at=when_idle(renewed, limit),
                    generation=1,
                )
            )
        Connection.objects.bulk_create(rows)
    # Nobody reads them here: texts as long as the ciphertexts of tokens.
    Connection.objects.update(access_token=Sealed("a" * 1500), refresh_token=Sealed("r" * 700))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def beats() -> dict[str, Any]:
    """Milliseconds of one beat, the statements it makes, and what reading the connections costs by the plan."""
    from integrations.flows import keeping

    keeping.keep_alive()  # imports and the database's own caches
    statements = recorded(keeping.keep_alive)
    took = []
    for _ in range(BEATS):
        began = time.perf_counter()
        keeping.keep_alive()
        took.append((time.perf_counter() - began) * 1000)
    plans = [plan(sql, params) for sql, params in statements if "integrations_connection" in sql and "SELECT" in sql]
    return {
        "beat_ms": median(took),
        "statements": len(statements),
        "rows_read": sum(read for read, _ in plans),
        "scans": sum(scans for _, scans in plans),
    }


def recorded(job: Callable[[], object]) -> list[tuple[str, Any]]:
    """The statements of a job, in this thread."""
    from django.db import connection

    found: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        job()
    return found


def plan(sql: str, params: Any) -> tuple[int, int]:
    """Rows that a SELECT reads, as far as the database tells, and how often it reads the whole table for them."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            told = [str(row[-1]) for row in cursor.fetchall()]
            whole = [line for line in told if line.startswith("SCAN integrations_connection") and "USING" not in line]
            cursor.execute(sql, params)
            return len(cursor.fetchall()), len(whole)
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        top = cursor.fetchone()[0][0]["Plan"]
    nodes = [node for node in _nodes(top) if node.get("Relation Name") == "integrations_connection"]
    read = sum(node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) for node in nodes)
    return int(read), sum(node["Node Type"] == "Seq Scan" for node in nodes)


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(inner for child in node.get("Plans", []) for inner in _nodes(child))]


def saved(connections: int, days: int) -> dict[str, Any]:
    """Renewals of so many days by the product's own rule, and with every token renewed as it ends."""
    from django.utils import timezone

    begin = timezone.now()
    end = begin + timedelta(days=days)
    made = sum(_renewals(begin - SPREAD * (number / connections), begin, end) for number in range(connections))
    return {"days": days, "renewals": made, "hourly": connections * days * 24}


def _renewals(renewed: datetime, begin: datetime, end: datetime) -> int:
    from integrations.flows.due import when_idle

    made, limit = 0, inactivity_days()
    while (due := when_idle(renewed, limit)) is not None and due < end:
        made, renewed = made + (due >= begin), due
    return made


def inactivity_days() -> int:
    """What the provider's manifest says."""
    from integrations.catalog import registry

    days = registry.provider("jira").manifest.authorization.oauth.refresh_lifetime_days
    assert days
    return days
