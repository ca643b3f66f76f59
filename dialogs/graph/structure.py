"""Whether a graph holds together: a root, arrows that lead somewhere, a way out of every question, tidy containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .model import BOT_ACTION, END, END_OF_ACTION, INTENT
from .problems import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from .model import Graph, Node, Transition


def structure_problems(
    graph: Graph, named: Mapping[str, Sequence[tuple[str, str]]], silent: Collection[str]
) -> Iterator[Problem]:
    """What is wrong with the shape of a graph.

    ``named`` are the (property, target) pairs by which nodes lead on beside their transitions; ``silent`` are the
    kinds that may stand inside a bot action.
    """
    yield from _root(graph)
    for node in graph.nodes.values():
        yield from _ways_on(graph, node)
        yield from _named_targets(graph, node, named.get(node.name, ()))
        yield from _nesting(graph, node, silent)
    yield from _unreachable(graph, named)


def _root(graph: Graph) -> Iterator[Problem]:
    start = graph.nodes.get(graph.start)
    if start is None:
        words = f"begins at “{graph.start}”, which is no node" if graph.start else "has no start"
        yield Problem("", "no_start", f"The dialog task {words}. Choose its root intent.")
    elif start.kind != INTENT or start.parent:
        yield Problem(start.name, "start_is_no_intent", f"The task must begin at an intent, and {start.name} is none.")
    else:
        ways = graph.outgoing(start.name)
        if len(ways) != 1 or ways[0].condition is not None:
            message = f"The root intent {start.name} needs exactly one transition, without a condition."
            yield Problem(start.name, "root_transition", message)


def _ways_on(graph: Graph, node: Node) -> Iterator[Problem]:
    ways = graph.outgoing(node.name)
    for way in ways:
        yield from _target(graph, node, way)
    defaults = [index for index, way in enumerate(ways) if way.condition is None]
    if ways and not defaults:
        message = f"{node.name} has conditions and no else. Say where to go when none of them holds."
        yield Problem(node.name, "missing_else", message)
    elif defaults and defaults[0] != len(ways) - 1:
        message = f"A transition of {node.name} stands behind its else and is never reached. Put the else last."
        yield Problem(node.name, "behind_else", message)


def _target(graph: Graph, node: Node, way: Transition) -> Iterator[Problem]:
    target = way.target
    if target is None:
        return
    if target == END_OF_ACTION:
        if node.parent is None:
            message = f"{node.name} leads to the end of a bot action and is in none."
            yield Problem(node.name, "not_in_action", message)
    elif target == END:
        if node.parent is not None:
            message = f"{node.name} is inside {node.parent} and cannot end the dialog; end the bot action there."
            yield Problem(node.name, "leaves_action", message)
    elif target not in graph.nodes:
        yield Problem(node.name, "dangling", f"{node.name} leads to “{target}”, which is no node.")
    elif graph.nodes[target].parent != node.parent:
        where = f"inside {graph.nodes[target].parent}" if graph.nodes[target].parent else f"outside {node.parent}"
        message = f"{node.name} leads to {target}, which is {where}. Transitions do not cross a bot action's border."
        yield Problem(node.name, "leaves_action", message)


def _named_targets(graph: Graph, node: Node, named: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    for name, target in named:
        if target == END and node.kind != BOT_ACTION:
            continue
        if target not in graph.nodes:
            message = f"{node.name}: “{name}” names “{target}”, which is no node."
            yield Problem(node.name, "dangling", message, name)
        elif node.kind == BOT_ACTION and graph.nodes[target].parent != node.name:
            message = f"{node.name} begins with {target}, which is not inside it."
            yield Problem(node.name, "first_is_outside", message, name)


def _nesting(graph: Graph, node: Node, silent: Collection[str]) -> Iterator[Problem]:
    if node.parent is None:
        return
    container = graph.nodes.get(node.parent)
    if container is None or container.kind != BOT_ACTION:
        message = f"{node.name} is inside “{node.parent}”, which is no bot action."
        yield Problem(node.name, "no_container", message)
    elif node.kind not in silent:
        message = f"{node.name} is inside the bot action {node.parent}, where a {node.kind} cannot be."
        yield Problem(node.name, "not_silent", message)


def _unreachable(graph: Graph, named: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[Problem]:
    if graph.start not in graph.nodes:
        return
    reached: set[str] = set()
    ahead = [graph.start]
    while ahead:
        name = ahead.pop()
        if name in reached or name not in graph.nodes:
            continue
        reached.add(name)
        ahead += [way.target for way in graph.outgoing(name) if way.target]
        ahead += [target for _, target in named.get(name, ())]
        # One comes out of a bot action from whichever inner node.
        ahead += [parent] if (parent := graph.nodes[name].parent) else []
    for name in graph.nodes:
        if name not in reached:
            yield Problem(name, "unreachable", f"Nothing leads to {name}. Connect it or delete it.")
