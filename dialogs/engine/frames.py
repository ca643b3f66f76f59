"""Tasks that stand still while another goes on: what a sub-dialog goes back to, and what was put on hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .history import Passed

#: Tasks that may stand above each other by sub-dialogs.
MOST_FRAMES: Final = 8


@dataclass(frozen=True, slots=True)
class Frame:
    """All that `State` holds of one task, but for the session, which every task shares."""

    task: str
    path: tuple[str, ...] = ()
    retries: int = 0
    offered: tuple[str, ...] = ()
    handed: Any = None
    history: tuple[Passed, ...] = ()
    size: int = 0
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def node(self) -> str:
        """The node that waits: a dialog node, or the one that asked when the task was put on hold."""
        return self.path[-1] if self.path else ""

    def to_json(self) -> dict[str, Any]:
        """Only what there is to tell."""
        values: dict[str, Any] = {
            "task": self.task,
            "path": list(self.path),
            "retries": self.retries,
            "offered": list(self.offered),
            "handed": self.handed,
            "history": [list(passed) for passed in self.history],
            "size": self.size,
            "context": dict(self.context),
        }
        return {key: value for key, value in values.items() if value}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        values = dict(document)
        values["path"] = tuple(values.get("path", ()))
        values["offered"] = tuple(values.get("offered", ()))
        values["history"] = tuple((name, at) for name, at in values.get("history", ()))
        return cls(**values)


#: A task with those that it was started by, the outermost first.
Stack = tuple[Frame, ...]


def without_session(context: Mapping[str, Any]) -> dict[str, Any]:
    """What of a context belongs to its task alone; the history is kept in short beside it."""
    return {key: value for key, value in context.items() if key not in {"session", "history"}}
