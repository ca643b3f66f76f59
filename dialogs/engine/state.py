"""Where a conversation stands between two turns: all of it, in one small JSON value."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from dialogs.nodes.effects import Awaited

from .context import measured
from .frames import Frame

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .frames import Stack
    from .history import Passed

#: What the next message is: a new request, an answer to a node, a choice among tasks, said while the task waits for an
#: authorization or something else from outside, an answer to what the platform asks about the task (see `question`).
Waiting = Literal["", "answer", "choice", "authorization", "event", "question"]


@dataclass(frozen=True, slots=True)
class State:
    """A value: a turn never changes the state it is given, so a turn that fails loses nothing.

    ``task`` is the key of a graph in the `Bot` (a published version). ``path`` leads to the node, from the bot action
    that holds it, if one does. ``retries`` counts answers that would not do, ``offered`` is what there was to choose,
    ``handed`` what the node wants back with the answer.
    ``authorization`` is what the task waits for (see `Pending`), or ``event`` is (see `Awaited`). ``history`` are the
    last nodes passed; ``size`` is an upper bound of the context's bytes as JSON. ``at`` is when the last turn began, in
    seconds since 1970.

    ``frames`` are the tasks that wait for this one to return, the outermost first. ``held`` were put aside for
    another, the last one on top. ``queue`` are tasks to come after this one, by name, with what was said for them.
    """

    task: str = ""
    path: tuple[str, ...] = ()
    waiting: Waiting = ""
    retries: int = 0
    offered: tuple[str, ...] = ()
    handed: Any = None
    turns: int = 0
    at: int = 0
    history: tuple[Passed, ...] = ()
    size: int = 0
    context: Mapping[str, Any] = field(default_factory=dict)
    authorization: Mapping[str, Any] = field(default_factory=dict)
    event: Mapping[str, Any] = field(default_factory=dict)
    frames: Stack = ()
    held: tuple[Stack, ...] = ()
    queue: tuple[tuple[str, str], ...] = ()
    question: Mapping[str, Any] = field(default_factory=dict)

    @property
    def awaited(self) -> Awaited | None:
        """The open wait, if the task waits for something from outside."""
        return Awaited.from_json(self.event) if self.event else None

    @property
    def node(self) -> str:
        """The node that waits, or nothing."""
        return self.path[-1] if self.path else ""

    def minutes_since(self, now: datetime) -> float:
        """Minutes since the last turn began; none where there was none."""
        return max(0.0, (now.timestamp() - self.at) / 60) if self.at else 0.0

    def next(self, now: datetime) -> State:
        """The state as a turn begins with it: one turn more, at this time."""
        return self.having(turns=self.turns + 1, at=int(now.timestamp()))

    def having(self, **changes: Any) -> State:
        """What `dataclasses.replace` gives, in a third of its time: every turn does this three times."""
        made = object.__new__(State)
        for name, get, put in MEMBERS:
            put(made, changes[name] if name in changes else get(self))
        return made

    def to_json(self) -> dict[str, Any]:
        """Only what differs from a blank state; `from_json` takes it back unchanged."""
        values: dict[str, Any] = {
            "task": self.task,
            "path": list(self.path),
            "waiting": self.waiting,
            "retries": self.retries,
            "offered": list(self.offered),
            "handed": self.handed,
            "turns": self.turns,
            "at": self.at,
            "history": [list(passed) for passed in self.history],
            "size": self.size,
            "context": dict(self.context),
            "authorization": dict(self.authorization),
            "event": dict(self.event),
            "frames": [frame.to_json() for frame in self.frames],
            "held": [[frame.to_json() for frame in stack] for stack in self.held],
            "queue": [list(entry) for entry in self.queue],
            "question": dict(self.question),
        }
        return {key: value for key, value in values.items() if value}

    @classmethod
    def from_json(cls, document: Mapping[str, Any] | None) -> Self:
        """A state from what `to_json` gave; nothing, or an empty mapping, is a conversation that has not begun."""
        values = dict(document or {})
        values["path"] = tuple(values.get("path", ()))
        values["offered"] = tuple(values.get("offered", ()))
        values["history"] = tuple((name, at) for name, at in values.get("history", ()))
        if "frames" in values:
            values["frames"] = tuple(map(Frame.from_json, values["frames"]))
        if "held" in values:
            values["held"] = tuple(tuple(map(Frame.from_json, stack)) for stack in values["held"])
        if "queue" in values:
            values["queue"] = tuple((name, text) for name, text in values["queue"])
        return cls(**values)


MEMBERS: Final = tuple(
    (one.name, member.__get__, member.__set__) for one in fields(State) if (member := getattr(State, one.name))
)


def idle(state: State, context: Mapping[str, Any]) -> State:
    """The state between two tasks: of the context only the session outlives a task."""
    session = context.get("session")
    kept = {"session": session} if session else {}
    return State(
        turns=state.turns,
        at=state.at,
        context=kept,
        size=measured(kept)[1] if kept else 0,
        held=state.held,
        queue=state.queue,
    )
