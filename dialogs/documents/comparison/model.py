"""What a comparison consists of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

State = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a text: "+" only in the later one, "-" only in the earlier one, " " in both, "…" some left out."""

    sign: Literal["+", "-", " ", "…"]
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that changed, as a sentence, and line by line where a long text did."""

    words: str
    diff: tuple[DiffLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one node, with its transitions."""

    name: str
    title: str
    kind: str
    state: State
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """``head`` is about the task as a whole. Nodes stand in the later document's order, removed ones behind."""

    head: tuple[Line, ...] = ()
    nodes: tuple[Change, ...] = ()
    #: New names of nodes by their old ones, where nothing but the name changed.
    renamed: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything is different."""
        return bool(self.head or self.nodes)

    @property
    def states(self) -> dict[str, State]:
        """What happened to each node that is not as it was, by its later name."""
        return {change.name: change.state for change in self.nodes}

    @property
    def counts(self) -> dict[str, int]:
        """How many nodes were added, removed and changed; ``task`` is 1 where the task as a whole was."""
        found = {state: sum(one.state == state for one in self.nodes) for state in ("added", "removed", "changed")}
        return found | {"task": int(bool(self.head))}
