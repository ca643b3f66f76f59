"""The last nodes a conversation passed: two values each in the state, readable entries in the context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialogs.nodes.base import NodeKind

#: (node, milliseconds since 1970).
Passed = tuple[str, int]
MOST_ENTRIES: Final = 6


def entry(node: NodeKind, at: int) -> dict[str, Any]:
    """A passed node as scripts and templates see it in ``context.history``."""
    return {
        "nodeId": node.name,
        "state": "processed",
        "type": node.kind,
        "componentName": node.title or node.name,
        "timestamp": at,
    }


def expanded(passed: Iterable[Passed], nodes: Mapping[str, NodeKind]) -> list[dict[str, Any]]:
    return [entry(nodes[name], at) for name, at in passed if name in nodes]


def compact(history: Iterable[Mapping[str, Any]]) -> tuple[Passed, ...]:
    return tuple((one["nodeId"], one["timestamp"]) for one in history)
