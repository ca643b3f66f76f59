"""ORDER BY."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.sandbox.atlassian.jql.tree import JqlError, Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from integrations.sandbox.atlassian.state.jira_records import Issue


def by_key(issue: Issue) -> tuple[str, int]:
    project, _, number = issue.key.rpartition("-")
    return project, int(number)


ORDERS: dict[str, Callable[[Issue], Any]] = {
    "created": lambda issue: (issue.created, int(issue.id)),
    "updated": lambda issue: (issue.updated, int(issue.id)),
    "key": by_key,
    "issuekey": by_key,
    "id": lambda issue: int(issue.id),
    "summary": lambda issue: str(issue.fields.get("summary", "")).lower(),
    "status": lambda issue: issue.status,
    "priority": lambda issue: -int(issue.fields.get("priority", "3")),
    "duedate": lambda issue: str(issue.fields.get("duedate") or "9999"),
    "assignee": lambda issue: str(issue.fields.get("assignee") or "~"),
    "project": lambda issue: by_key(issue)[0],
}
NEWEST_FIRST = (("created", True),)


def in_order(issues: list[Issue], query: Query) -> list[Issue]:
    """The issues as the query orders them, newest first where it does not say."""
    ordered = list(issues)
    for field, descending in reversed(query.order or NEWEST_FIRST):
        if field not in ORDERS:
            raise JqlError("jql_order", field=field)
        ordered.sort(key=ORDERS[field], reverse=descending)
    return ordered
