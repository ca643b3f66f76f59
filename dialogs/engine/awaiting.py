"""What is said to a task that waits for something from outside: a callback, a form, a person at a desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dialogs.nodes.effects import Event
from dialogs.nodes.words import plain

from .requests import DISCARD
from .run import TaskRun
from .waiting import Waiting

if TYPE_CHECKING:
    from dialogs.nodes.effects import Awaited, EventKind

    from . import phrases
    from .around import Around
    from .compile import CompiledGraph
    from .state import State
    from .turn import Turn


def answer(around: Around, graph: CompiledGraph, state: State, text: str) -> Turn:
    """Answer a message that came while the task waits. To an agent everything is passed on."""
    awaited = state.awaited
    if awaited is None or awaited.kind == "agent":
        run = TaskRun(around, graph, state)
        return run.go_on(*run.heard(text))
    return _ForEvent(around, graph, state, text).answer(awaited)


@dataclass(frozen=True, slots=True)
class _ForEvent(Waiting):
    thing: ClassVar[phrases.Thing] = "event"

    def answer(self, awaited: Awaited) -> Turn:
        """The first that it is counts: too late, an answer to an offer, "cancel", another task; else nothing."""
        if awaited.expires_at <= self.around.ports.clock.now():
            return self._happened(awaited, "expired")
        if self.state.offered and (turn := self._answer_to_offer()):
            return turn
        if plain(self.text) in DISCARD:
            return self._happened(awaited, "canceled")
        if others := self._other_tasks():
            return self._offer(others)
        return self._repeat()

    def _happened(self, awaited: Awaited, kind: EventKind) -> Turn:
        return TaskRun(self.around, self.graph, self.state).happened(Event(awaited.id, kind))

    def _repeat(self, before: str = "") -> Turn:
        run = TaskRun(self.around, self.graph, self.state)
        return run.go_on(*run.heard(self.text))
