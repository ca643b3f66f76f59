"""The `update` half of a change: lists of add, remove and set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import JiraError, text, wrong_field

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.jira_records import Issue

COMMENT = "comment"


def merged(given: dict[str, Any], issue: Issue | None) -> dict[str, Any]:
    """`fields` and `update` as one set of new values; a field in both is JiraError 400."""
    fields, update = dict(given.get("fields") or {}), dict(given.get("update") or {})
    if twice := sorted(fields.keys() & update.keys()):
        raise JiraError(400, **{field: text("twice", field=field) for field in twice})
    for field, operations in update.items():
        if field != COMMENT:
            fields[field] = _applied(field, operations, issue)
    return fields


def added_comments(given: dict[str, Any]) -> list[Any]:
    """Bodies of the comments that an update adds."""
    operations = (given.get("update") or {}).get(COMMENT, [])
    return [each["add"].get("body") for each in operations if isinstance(each.get("add"), dict)]


def _applied(field: str, operations: Any, issue: Issue | None) -> Any:
    value = issue.fields.get(field) if issue else None
    for operation in operations if isinstance(operations, list) else []:
        for verb, operand in operation.items():
            value = _step(field, verb, operand, value)
    return value


def _step(field: str, verb: str, operand: Any, value: Any) -> Any:
    if verb == "set":
        return operand
    if field != "labels" or verb not in ("add", "remove"):
        raise wrong_field(field, "bad_operation", field=field, operation=verb)
    others = [each for each in value or [] if each != operand]
    return [*others, operand] if verb == "add" else others
