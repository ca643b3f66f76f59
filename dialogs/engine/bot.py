"""What an App can do: the dialog tasks a message may start, and older versions that conversations are still in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .compile import CompiledGraph


class Bot:
    """Graphs by version key. Those given at first can be started; pinned ones only go on."""

    def __init__(self, graphs: Mapping[str, CompiledGraph]) -> None:
        self.graphs = graphs

    def pinned(self, key: str, graph: CompiledGraph) -> Bot:
        """The same bot with one more version, for a conversation that began with it. Costs next to nothing."""
        raise NotImplementedError
