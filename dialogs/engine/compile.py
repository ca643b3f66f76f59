"""From a frozen document to something that runs: everything that can be prepared is prepared here, once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from dialogs.graph.conditions import FOLLOWUPS
from dialogs.graph.model import END
from dialogs.graph.problems import InvalidGraph, Problem
from dialogs.graph.reading import read_graph
from dialogs.graph.structure import structure_problems
from dialogs.nodes.base import in_words
from dialogs.nodes.kinds.intent import Intent
from dialogs.nodes.person import ANY
from dialogs.nodes.registry import KINDS, prepare
from dialogs.nodes.words import plain

from .intents import IntentIndex
from .scopes import mentioned
from .settings import complaints

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.graph.conditions import Condition
    from dialogs.graph.model import Graph, Target
    from dialogs.nodes.base import NodeKind

#: Problems that a graph can run with, though nobody should publish it: at worst the dialog ends where the author forgot
#: to lead on. A version that was published under milder rules must go on running.
HARMLESS: Final = frozenset(
    {"root_transition", "missing_else", "behind_else", "unreachable", "not_in_action", "leaves_action", "not_silent"}
    | {"bad_setting"}
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
    #: Where it differs from its App's settings (see `Settings`).
    settings: Mapping[str, Any] = field(default_factory=dict)
    #: Nodes whose transitions look at what the person just said: an intent of this task's own, or another task.
    listening: frozenset[str] = frozenset()
    #: The later intents, by node, for such transitions.
    followups: IntentIndex | None = None
    #: Nodes whose values are sensitive.
    masked: frozenset[str] = frozenset()
    #: The scopes of the session that it mentions and that are not the conversation's own.
    scopes: frozenset[str] = frozenset()
    #: What people call its entities, in small letters, with their nodes; the longest first.
    labels: tuple[tuple[str, str], ...] = ()
    #: The words by which people ask for it.
    familiar: frozenset[str] = frozenset()

    def spoken(self) -> Iterator[tuple[str, str]]:
        """What people say to start it, each with its language; its title always counts, in any."""
        root = self.nodes[self.start]
        if isinstance(root, Intent):
            yield from root.spoken()
        yield ANY, self.title

    def next(self, name: str, context: Mapping[str, Any]) -> Target:
        """Where to go on from a node: the first way whose condition holds; None is "not connected"."""
        for condition, target in self.ways.get(name, ()):
            if condition is None or condition.holds(context):
                return target
        return None

    def masks(self, name: str) -> bool:
        """Whether a node's value is to be masked wherever it would be shown."""
        return name in self.masked

    def heard(self, name: str, context: Mapping[str, Any]) -> str | None:
        """Where a transition leads that asks for an intent which was just said: a node or "@end"; None without one."""
        for condition, target in self.ways.get(name, ()):
            if condition is not None and FOLLOWUPS in condition.paths and condition.holds(context):
                return target or END
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
    problems += _setting_problems(document.get("settings") or {})
    return Compilation(graph, nodes, tuple(problems))


def _setting_problems(given: Any) -> Iterator[Problem]:
    if not isinstance(given, dict):
        yield Problem("", "bad_setting", "The settings of the dialog must be a mapping.")
        return
    for name, words in complaints(given, of_a_dialog=True):
        yield Problem("", "bad_setting", f"The dialog's setting “{name}” {words}.")


def compile_graph(document: Mapping[str, Any]) -> CompiledGraph:
    """Prepare a document of format 1.

    Raises:
        InvalidGraph: it cannot run; all the reasons are in ``problems``. What only a publisher should mind, such as a
            missing else, is not among them; `problems_of` lists that, too.
    """
    examined = examine(document)
    if fatal := [problem for problem in examined.problems if problem.code not in HARMLESS]:
        raise InvalidGraph(fatal)
    graph, nodes = examined.graph, examined.nodes
    return CompiledGraph(
        name=graph.name,
        title=graph.title,
        description=graph.description,
        start=graph.start,
        nodes=nodes,
        ways={
            source: tuple((arrow.condition, arrow.target) for arrow in arrows)
            for source, arrows in graph.transitions.items()
        },
        settings=given if isinstance(given := document.get("settings"), dict) else {},
        providers=tuple(dict.fromkeys(provider for node in nodes.values() for provider, _ in node.calls())),
        listening=_listening(graph),
        followups=_followups(graph.start, nodes),
        masked=frozenset(name for name, node in nodes.items() if getattr(node, "sensitive", False)),
        scopes=mentioned(document),
        labels=_labels(nodes),
        familiar=_familiar(nodes.get(graph.start), graph.title),
    )


def _familiar(root: NodeKind | None, title: str) -> frozenset[str]:
    spoken = [text for _, text in root.spoken()] if isinstance(root, Intent) else []
    return frozenset(plain(word) for text in (*spoken, title) for word in text.split())


def _listening(graph: Graph) -> frozenset[str]:
    return frozenset(
        source
        for source, arrows in graph.transitions.items()
        if any(arrow.condition is not None and FOLLOWUPS in arrow.condition.paths for arrow in arrows)
    )


def _followups(start: str, nodes: Mapping[str, NodeKind]) -> IntentIndex | None:
    spoken = {name: node for name, node in nodes.items() if isinstance(node, Intent) and name != start}
    return IntentIndex(spoken) if spoken else None


def _labels(nodes: Mapping[str, NodeKind]) -> tuple[tuple[str, str], ...]:
    """Titles and names of entities; what two of them are called says nothing."""
    called: dict[str, set[str]] = {}
    for node in nodes.values():
        if node.kind == "entity":
            for label in {plain(node.called_by_people), plain(in_words(node.name)), plain(node.name)} - {""}:
                called.setdefault(label, set()).add(node.name)
    clear = [(label, names.pop()) for label, names in called.items() if len(names) == 1]
    return tuple(sorted(clear, key=lambda entry: -len(entry[0])))
