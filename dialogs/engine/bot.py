"""What an App can do: the dialog tasks a message may start, and those that only what is under way needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from .intents import IntentIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .compile import CompiledGraph


class Shelf(Protocol):
    """What a bot can fetch when a turn turns out to need it; most turns do not."""

    def version(self, key: str) -> CompiledGraph | None:
        """The graph of a version key; None when it is gone or cannot run."""

    def task(self, name: str) -> str | None:
        """The version key of the App's dialog task of that name; None when there is none that can run."""

    def whole(self) -> Bot:
        """The bot with all that a message may start."""

    def settings(self) -> Mapping[str, Any]:
        """The App's settings of conversations, as far as they differ from the defaults."""


class NoShelf:
    """For a bot that was given everything at once."""

    def version(self, key: str) -> CompiledGraph | None:
        return None

    def task(self, name: str) -> str | None:
        return None

    def whole(self) -> Bot:
        return Bot({})

    def settings(self) -> Mapping[str, Any]:
        return {}


EMPTY: Final = NoShelf()


class Bot:
    """Graphs by version key. Those given at first can be started; pinned ones only go on. Immutable; share it."""

    __slots__ = ("_pinned", "_settings", "_shelf", "graphs", "intents")

    def __init__(
        self,
        graphs: Mapping[str, CompiledGraph],
        *,
        intents: IntentIndex | None = None,
        pinned: Mapping[str, CompiledGraph] | None = None,
        settings: Mapping[str, Any] | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self.graphs = graphs
        self.intents = intents or IntentIndex(graphs)
        self._pinned = pinned or {}
        self._settings = settings
        self._shelf = shelf or EMPTY

    def pinned(self, key: str, graph: CompiledGraph) -> Bot:
        """The same bot with one more version, for a conversation that began with it. Costs next to nothing."""
        pinned = {**self._pinned, key: graph}
        return Bot(self.graphs, intents=self.intents, pinned=pinned, settings=self._settings, shelf=self._shelf)

    def on(self, shelf: Shelf) -> Bot:
        """The same bot for one turn, with a way to fetch what it was not given. Costs next to nothing."""
        return Bot(self.graphs, intents=self.intents, pinned=self._pinned, settings=self._settings, shelf=shelf)

    def whole(self) -> Bot:
        """The bot with all that a message may start: this one, or what the shelf has where it was given nothing."""
        return self if self.graphs else self._shelf.whole()

    def graph(self, key: str) -> CompiledGraph | None:
        """The graph of a version key, whether or not it can be started."""
        return self.graphs.get(key) or self._pinned.get(key) or self._shelf.version(key)

    def key_of(self, name: str) -> str | None:
        """The version key of the task of that name; None when there is none that can run."""
        found = (key for key, graph in self.graphs.items() if graph.name == name)
        return next(found, None) or self._shelf.task(name)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The App's settings of conversations, as far as they differ from the defaults."""
        return self._shelf.settings() if self._settings is None else self._settings

    @property
    def titles(self) -> tuple[str, ...]:
        """What it can do, in words."""
        return tuple(graph.title for graph in self.graphs.values())

    @property
    def names(self) -> dict[str, str]:
        """The names of the tasks by version key."""
        return {key: graph.name for key, graph in self.graphs.items()}
