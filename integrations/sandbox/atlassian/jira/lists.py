"""Lists in query strings and pages of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

Item = TypeVar("Item")


def listed(value: Iterable[str] | None) -> list[str]:
    """A list parameter, repeated or separated by commas: Jira takes both."""
    return [part.strip() for each in value or () for part in str(each).split(",") if part.strip()]


def page(items: list[Item], parameters: dict[str, Any], most: int) -> tuple[list[Item], dict[str, int]]:
    """The asked part of a list, with what the answer says about it."""
    start = max(0, parameters.get("startAt") or 0)
    size = min(most, max(0, parameters.get("maxResults") or most))
    return items[start : start + size], {"startAt": start, "maxResults": size, "total": len(items)}
