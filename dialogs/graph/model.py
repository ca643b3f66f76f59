"""A dialog task as its document says it: names, properties and arrows, none of it interpreted yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .conditions import Condition

#: The kinds that the structure of a graph depends on.
INTENT: Final = "intent"
BOT_ACTION: Final = "bot_action"
#: The dialog ends here.
END: Final = "@end"
#: The bot action that holds the source ends here; its own transitions apply then.
END_OF_ACTION: Final = "@end_of_action"
#: A target: a node's name, one of the two above, or None for "not connected", which ends like the two above.
Target = str | None


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    kind: str
    title: str = ""
    parent: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transition:
    """An arrow; without a condition it is the *else*, or the only way."""

    source: str
    target: Target
    condition: Condition | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    name: str
    title: str
    description: str
    start: str
    nodes: Mapping[str, Node]
    #: By source, in the order in which they are tried.
    transitions: Mapping[str, tuple[Transition, ...]]

    def inner(self, container: str) -> Iterator[Node]:
        """The nodes that a bot action holds."""
        return (node for node in self.nodes.values() if node.parent == container)

    def outgoing(self, name: str) -> tuple[Transition, ...]:
        return self.transitions.get(name, ())
