"""Where a run stands: in which task, with which context, and above which tasks that wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .context import MOST_BYTES, Context, measured
from .frames import MOST_FRAMES, Frame, without_session
from .history import MOST_ENTRIES, compact, entry, expanded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dialogs.nodes.base import NodeKind
    from dialogs.nodes.steps import StartTask

    from .around import Around
    from .bot import Bot
    from .compile import CompiledGraph
    from .history import Passed
    from .state import State


class Place:
    """Changes as the run goes on; the state that it began with stays as it was."""

    __slots__ = (
        "_bot",
        "_elsewhere",
        "_opened",
        "_ports",
        "_shared",
        "_stamp",
        "context",
        "frames",
        "graph",
        "history",
        "task",
    )

    def __init__(self, around: Around, graph: CompiledGraph, state: State, now: datetime) -> None:
        self._bot, self._ports, self._shared = around.bot, around.ports, around.shared
        self._stamp = int(now.timestamp() * 1000)
        #: Bytes that tasks on hold take of what one conversation may have.
        self._elsewhere = sum(frame.size for stack in state.held for frame in stack) if state.held else 0
        self.frames = state.frames
        self._settle(graph, state.task, Context(state.context, state.size), state.history)

    def _settle(self, graph: CompiledGraph, task: str, context: Context, history: Sequence[Passed] = ()) -> None:
        self.graph, self.task, self.context = graph, task, context
        self.history = expanded(history, graph.nodes)
        context.values["history"] = self.history
        self._opened = -context.size
        if graph.scopes or self._shared:
            self._shared.open(graph.scopes, self._ports, context)
        self._opened += context.size
        if self._elsewhere or self.frames:
            context.most = MOST_BYTES - self._elsewhere - sum(frame.size for frame in self.frames)

    def note(self, node: NodeKind) -> None:
        """That a node was passed."""
        self.history = [*self.history, entry(node, self._stamp)][-MOST_ENTRIES:]
        self.context.values = {**self.context.values, "history": self.history}

    def at(self, node: NodeKind) -> tuple[str, ...]:
        """The path to a node of this task."""
        return (node.parent, node.name) if node.parent else (node.name,)

    @property
    def passed(self) -> tuple[Passed, ...]:
        return compact(self.history)

    def obstacle(self, step: StartTask) -> str:
        """What keeps a task from being started here: "missing", "too deep", or nothing."""
        if (key := self._bot.key_of(step.task)) is None or self._bot.graph(key) is None:
            return "missing"
        return "too deep" if step.returns and len(self.frames) >= MOST_FRAMES else ""

    def start(self, node: NodeKind, step: StartTask) -> NodeKind:
        """Begin the task that a step names, which nothing keeps from being started; its root.

        Raises ContextTooLarge.
        """
        key = self._bot.key_of(step.task) or ""
        graph = self._bot.graph(key) or self.graph
        before = self.context.values
        if step.returns:
            self.frames = (*self.frames, self._frame(node))
        begun = {name: before[name] for name in ("session", "userInputs") if name in before}
        begun |= {"intent": graph.name, "entities": {}}
        self._settle(graph, key, Context(begun, measured(begun)[1]))
        for path, value in step.values.items():
            self.context.put(path, value)
        return graph.nodes[graph.start]

    def _frame(self, node: NodeKind) -> Frame:
        kept = without_session(self.context.values)
        return Frame(self.task, self.at(node), history=self.passed, size=measured(kept)[1], context=kept)

    def back(self) -> NodeKind | None:
        """Return to the task below, to the node that waits there; None when its version is gone."""
        frame, self.frames = self.frames[-1], self.frames[:-1]
        graph = self._bot.graph(frame.task)
        if graph is None or frame.node not in graph.nodes:
            return None
        session = self.context.values.get("session")
        values = dict(frame.context) | ({"session": session} if session else {})
        size = frame.size + (measured(session)[1] if session else 0)
        self._settle(graph, frame.task, Context(values, size), frame.history)
        return graph.nodes[frame.node]

    def kept(self) -> dict[str, Any]:
        """What of the context goes into the state: the history is kept in short beside it, shared values elsewhere."""
        kept = kept_of(self.context.values)
        return self._shared.close(kept) if self._shared else kept

    @property
    def size(self) -> int:
        """Bytes of what is kept, at most."""
        return max(0, self.context.size - self._opened)

    def outer_titles(self) -> tuple[str, ...]:
        """The titles of the tasks that wait for this one, the outermost first."""
        return titles_of(self._bot, self.frames)


def titles_of(bot: Bot, frames: Sequence[Frame]) -> tuple[str, ...]:
    """The titles of tasks that stand still, as far as their versions are still there."""
    return tuple(graph.title for frame in frames if (graph := bot.graph(frame.task)) is not None)


def kept_of(context: Mapping[str, Any]) -> dict[str, Any]:
    """A context without its history."""
    return {key: value for key, value in context.items() if key != "history"}
