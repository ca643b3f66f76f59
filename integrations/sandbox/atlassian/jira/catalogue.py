"""Types, statuses, transitions and priorities: the same on every site of the stand-in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class IssueType:
    id: str
    name: str
    subtask: bool = False


@dataclass(frozen=True)
class Status:
    """A status with its category: id, key, name, colour. The keys are those the service really sends."""

    id: str
    name: str
    category: tuple[int, str, str, str]


@dataclass(frozen=True)
class Transition:
    id: str
    name: str
    to: str


NEW = (2, "new", "To Do", "blue-gray")
INDETERMINATE = (4, "indeterminate", "In Progress", "yellow")
FINISHED = (3, "done", "Done", "green")
TYPES = {
    each.id: each
    for each in (
        IssueType("10001", "Task"),
        IssueType("10002", "Story"),
        IssueType("10003", "Bug"),
        IssueType("10004", "Sub-task", subtask=True),
        IssueType("10005", "Incident"),
    )
}
STATUSES = {
    each.id: each
    for each in (
        Status("10000", "To Do", NEW),
        Status("10001", "In Progress", INDETERMINATE),
        Status("10002", "Done", FINISHED),
    )
}
FIRST_STATUS = "10000"
TRANSITIONS = (
    Transition("11", "To Do", "10000"),
    Transition("21", "In Progress", "10001"),
    Transition("31", "Done", "10002"),
)
RESOLUTIONS = {"10000": "Done", "10001": "Won't Do", "10002": "Duplicate"}
PRIORITIES = {"1": "Highest", "2": "High", "3": "Medium", "4": "Low", "5": "Lowest"}


def transitions_from(status: str) -> list[Transition]:
    """Every status can be left for every other; so a repeated transition is stale."""
    return [each for each in TRANSITIONS if each.to != status]
