"""What the small Jira keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PERMISSIONS = frozenset(
    {
        "BROWSE_PROJECTS",
        "CREATE_ISSUES",
        "EDIT_ISSUES",
        "DELETE_ISSUES",
        "ADD_COMMENTS",
        "TRANSITION_ISSUES",
        "ASSIGN_ISSUES",
    }
)


@dataclass
class Project:
    """A project of a site. `denied` takes permissions from members; `only` hides it from all others.

    `types` are the issue types it has, by id; `screen` its custom fields. `required` names fields that a new issue must
    have, by issue type or, under "*", for all of them; `moving` those that a transition asks for, by its id.
    """

    id: str
    site: str
    key: str
    name: str
    lead: str
    denied: dict[str, list[str]] = field(default_factory=dict)
    only: list[str] | None = None
    issues_made: int = 0
    types: list[str] = field(default_factory=lambda: ["10001", "10002", "10003", "10004"])
    screen: list[str] = field(default_factory=list)
    required: dict[str, list[str]] = field(default_factory=dict)
    moving: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Issue:
    """An issue. `fields` holds what people set, users as account ids; ids of status and type are apart."""

    id: str
    project: str
    key: str
    type: str
    status: str
    reporter: str
    created: float
    updated: float
    fields: dict[str, Any] = field(default_factory=dict)
    former_keys: list[str] = field(default_factory=list)


@dataclass
class Comment:
    """A comment with its ADF body."""

    id: str
    issue: str
    author: str
    body: dict[str, Any]
    created: float
    visibility: dict[str, Any] | None = None
