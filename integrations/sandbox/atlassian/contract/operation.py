"""What the contract says about one operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Operation:
    """An operation with the scopes it needs: the classic ones, or else all of the granular ones."""

    id: str
    method: str
    pattern: str
    classic: frozenset[str]
    granular: frozenset[str]
    anonymous: bool
    query_parameters: frozenset[str]

    def allowed_by(self, scopes: frozenset[str]) -> bool:
        return self.classic <= scopes or (bool(self.granular) and self.granular <= scopes)


def read_operation(method: str, pattern: str, definition: dict[str, Any]) -> Operation:
    """An operation from its object in the OpenAPI document."""
    scopes = {each["state"]: frozenset(each["scopes"]) for each in definition.get("x-atlassian-oauth2-scopes", [])}
    query = (each["name"] for each in definition.get("parameters", []) if each["in"] == "query")
    return Operation(
        id=definition["operationId"],
        method=method.upper(),
        pattern=pattern,
        classic=scopes.get("Current", frozenset()),
        granular=scopes.get("Beta", frozenset()),
        anonymous={} in definition.get("security", []),
        query_parameters=frozenset(query),
    )
