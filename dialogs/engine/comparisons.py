"""Conditions that can never hold as they are written: what a list has no choice for, what nobody could have said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.graph.conditions import FOLLOWUPS
from dialogs.graph.operators import equals
from dialogs.graph.problems import Problem
from dialogs.nodes.kinds.confirmation import Confirmation
from dialogs.nodes.kinds.entity import Entity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.graph.conditions import Criterion
    from dialogs.graph.model import Graph
    from dialogs.nodes.base import NodeKind


def condition_problems(graph: Graph, nodes: Mapping[str, NodeKind]) -> Iterator[Problem]:
    """What is wrong with the values that conditions compare with, each with the node that the condition leaves."""
    for arrows in graph.transitions.values():
        for arrow in arrows:
            for criterion in arrow.condition.comparisons if arrow.condition else ():
                if criterion.other is None and (words := _complaint(criterion, nodes)):
                    yield Problem(arrow.source, "bad_comparison", f"A condition of {arrow.source} {words}")


def _complaint(criterion: Criterion, nodes: Mapping[str, NodeKind]) -> str | None:
    root, name = criterion.path[0], str(criterion.path[-1])
    node = nodes.get(name) if len(criterion.path) == 2 else None  # noqa: PLR2004 -- root and name
    if root == "confirmations" and isinstance(node, Confirmation):
        return _one_of(criterion, name, ("yes", "no"))
    if root == "entities" and isinstance(node, Entity) and node.type == "list" and node.choices:
        return _one_of(criterion, name, [choice.value for choice in node.choices])
    if criterion.path == FOLLOWUPS and criterion.name in {"equals", "not_equals"} and not _is_name(criterion.value):
        return "asks for an intent, and names none. Choose a dialog task or an intent of this one."
    return None


def _one_of(criterion: Criterion, name: str, choices: Any) -> str | None:
    """Only equality with a text is looked at: null asks whether there is a value."""
    value = criterion.value
    if criterion.name not in {"equals", "not_equals"} or value is None or any(equals(one, value) for one in choices):
        return None
    known = ", ".join(f"“{choice}”" for choice in list(choices)[:6])
    return f"compares {name} with “{value}”, which it can never be, only {known}."


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
