"""Dialogs that would start themselves over and over without the person having a say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.graph.problems import Problem
from dialogs.nodes.asking import AskingNode
from dialogs.nodes.kinds.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.graph.model import Graph
    from dialogs.nodes.base import NodeKind


def circle_problems(graph: Graph, nodes: Mapping[str, NodeKind]) -> Iterator[Problem]:
    """Each dialog node that starts its own task and can be reached without a question before it."""
    reached: set[str] = set()
    ahead = [graph.start]
    while ahead:
        node = nodes.get(ahead.pop())
        if node is None or node.name in reached:
            continue
        reached.add(node.name)
        if isinstance(node, AskingNode):
            continue
        if isinstance(node, Dialog) and node.task == graph.name:
            message = f"{node.name} starts this same dialog without asking anything before, so it would never end."
            yield Problem(node.name, "calls_itself", message, "task")
        ahead += [way.target for way in graph.outgoing(node.name) if way.target]
        ahead += [target for _, target in node.targets()]
        ahead += [node.parent] if node.parent else []
