"""From a frozen document to something that runs: everything that can be prepared is prepared here, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dialogs.graph.problems import InvalidGraph
from dialogs.graph.reading import read_graph
from dialogs.graph.structure import structure_problems
from dialogs.nodes.kinds.intent import Intent
from dialogs.nodes.kinds.service import Service
from dialogs.nodes.registry import KINDS, prepare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.graph.conditions import Condition
    from dialogs.graph.model import Graph, Target
    from dialogs.graph.problems import Problem
    from dialogs.nodes.base import NodeKind

#: Problems that a graph can run with, though nobody should publish it: at worst the dialog ends where the author forgot
#: to lead on. A version that was published under milder rules must go on running.
HARMLESS: Final = frozenset(
    {"root_transition", "missing_else", "behind_else", "unreachable", "not_in_action", "leaves_action", "not_silent"}
)


@dataclass(frozen=True, slots=True)
class CompiledGraph:
    """A dialog task ready to run. Immutable; share it between threads and conversations."""

    name: str
    title: str
    description: str
    start: str
    nodes: Mapping[str, NodeKind]
    #: Where to go on from a node, tried in order; a condition of None always holds.
    ways: Mapping[str, tuple[tuple[Condition | None, Target], ...]]
    #: The providers that it calls, in the order of its nodes.
    providers: tuple[str, ...] = ()

    @property
    def utterances(self) -> tuple[str, ...]:
        """What people say to start it; its title always counts."""
        root = self.nodes[self.start]
        return (*root.utterances, self.title) if isinstance(root, Intent) else (self.title,)

    def next(self, name: str, context: Mapping[str, Any]) -> Target:
        """Where to go on from a node: the first way whose condition holds; None is "not connected"."""
        for condition, target in self.ways.get(name, ()):
            if condition is None or condition.holds(context):
                return target
        return None


@dataclass(frozen=True, slots=True)
class Compilation:
    """A document as far as it could be read, and all that is wrong with it."""

    graph: Graph
    nodes: Mapping[str, NodeKind]
    problems: tuple[Problem, ...]


def examine(document: Mapping[str, Any]) -> Compilation:
    """Read a document, prepare its nodes, and collect what is wrong with either and with the shape."""
    graph, problems = read_graph(document)
    nodes: dict[str, NodeKind] = {}
    for node in graph.nodes.values():
        prepared, wrong = prepare(node)
        problems += wrong
        if prepared is not None:
            nodes[node.name] = prepared
    named = {name: tuple(node.targets()) for name, node in nodes.items()}
    silent = [name for name, kind in KINDS.items() if kind.silent]
    problems += structure_problems(graph, named, silent)
    return Compilation(graph, nodes, tuple(problems))


def compile_graph(document: Mapping[str, Any]) -> CompiledGraph:
    """Prepare a document of format 1.

    Raises:
        InvalidGraph: it cannot run; all the reasons are in ``problems``. What only a publisher should mind, such as a
            missing else, is not among them; `problems_of` lists that, too.
    """
    examined = examine(document)
    if fatal := [problem for problem in examined.problems if problem.code not in HARMLESS]:
        raise InvalidGraph(fatal)
    graph = examined.graph
    return CompiledGraph(
        name=graph.name,
        title=graph.title,
        description=graph.description,
        start=graph.start,
        nodes=examined.nodes,
        ways={
            source: tuple((arrow.condition, arrow.target) for arrow in arrows)
            for source, arrows in graph.transitions.items()
        },
        providers=tuple(dict.fromkeys(n.provider for n in examined.nodes.values() if isinstance(n, Service))),
    )
