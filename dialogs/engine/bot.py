"""What an App can do: the dialog tasks a message may start, and older versions that conversations are still in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .intents import IntentIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .compile import CompiledGraph


class Bot:
    """Graphs by version key. Those given at first can be started; pinned ones only go on. Immutable; share it."""

    __slots__ = ("_pinned", "graphs", "intents")

    def __init__(
        self,
        graphs: Mapping[str, CompiledGraph],
        *,
        intents: IntentIndex | None = None,
        pinned: Mapping[str, CompiledGraph] | None = None,
    ) -> None:
        self.graphs = graphs
        self.intents = intents or IntentIndex(graphs)
        self._pinned = pinned or {}

    def pinned(self, key: str, graph: CompiledGraph) -> Bot:
        """The same bot with one more version, for a conversation that began with it. Costs next to nothing."""
        return Bot(self.graphs, intents=self.intents, pinned={**self._pinned, key: graph})

    def graph(self, key: str) -> CompiledGraph | None:
        """The graph of a version key, startable or pinned."""
        return self.graphs.get(key) or self._pinned.get(key)

    @property
    def titles(self) -> tuple[str, ...]:
        """What it can do, in words."""
        return tuple(graph.title for graph in self.graphs.values())

    @property
    def names(self) -> dict[str, str]:
        """The names of the tasks by version key."""
        return {key: graph.name for key, graph in self.graphs.items()}
