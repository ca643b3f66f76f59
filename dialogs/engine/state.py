"""Where a conversation stands between two turns: all of it, in one small JSON value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .history import Passed

#: What the next message is: a new request, an answer to a node, a choice among tasks, said while the task waits.
Waiting = Literal["", "answer", "choice", "authorization"]


@dataclass(frozen=True, slots=True)
class State:
    """A value: a turn never changes the state it is given, so a turn that fails loses nothing.

    ``task`` is the key of a graph in the `Bot` (a published version). ``path`` leads to the node, from the bot action
    that holds it, if one does. ``retries`` counts answers that would not do, ``offered`` is what there was to choose.
    ``authorization`` is what the task waits for (see `Pending`). ``history`` are the last nodes passed; ``size`` is an
    upper bound of the context's bytes as JSON.
    """

    task: str = ""
    path: tuple[str, ...] = ()
    waiting: Waiting = ""
    retries: int = 0
    offered: tuple[str, ...] = ()
    turns: int = 0
    history: tuple[Passed, ...] = ()
    size: int = 0
    context: Mapping[str, Any] = field(default_factory=dict)
    authorization: Mapping[str, Any] = field(default_factory=dict)

    @property
    def node(self) -> str:
        """The node that waits, or nothing."""
        return self.path[-1] if self.path else ""

    def to_json(self) -> dict[str, Any]:
        """Only what differs from a blank state; `from_json` takes it back unchanged."""
        values: dict[str, Any] = {
            "task": self.task,
            "path": list(self.path),
            "waiting": self.waiting,
            "retries": self.retries,
            "offered": list(self.offered),
            "turns": self.turns,
            "history": [list(passed) for passed in self.history],
            "size": self.size,
            "context": dict(self.context),
            "authorization": dict(self.authorization),
        }
        return {key: value for key, value in values.items() if value}

    @classmethod
    def from_json(cls, document: Mapping[str, Any] | None) -> Self:
        """A state from what `to_json` gave; nothing, or an empty mapping, is a conversation that has not begun."""
        values = dict(document or {})
        values["path"] = tuple(values.get("path", ()))
        values["offered"] = tuple(values.get("offered", ()))
        values["history"] = tuple((name, at) for name, at in values.get("history", ()))
        return cls(**values)
