"""Everything that keeps a draft from being published, in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.graph.problems import Problem
from dialogs.nodes.kinds.entity import Entity
from dialogs.nodes.kinds.service import Service
from dialogs.nodes.values.pattern import broken

from .compile import examine
from .variables import variable_problems

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from dialogs.nodes.base import NodeKind

    from .ports import ScriptRunner


def problems_of(
    document: Mapping[str, Any],
    operations: Mapping[str, Collection[str]] | None = None,
    scripts: ScriptRunner | None = None,
) -> list[Problem]:
    """The problems of a document, each with its node.

    ``operations`` are names by provider. Without them operations are not looked at, without ``scripts`` no script is.
    """
    examined = examine(document)
    nodes = list(examined.nodes.values())
    problems = [*examined.problems]
    # A node that cannot be read fills nothing; what asks for it would be blamed for its fault.
    if len(nodes) == len(examined.graph.nodes):
        problems += variable_problems(examined.graph, examined.nodes)
    if operations is not None:
        problems += _unknown_operations(nodes, operations)
    if scripts is not None:
        problems += _broken_scripts(nodes, scripts)
    return problems


def _unknown_operations(nodes: Iterable[NodeKind], operations: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    for node in nodes:
        if not isinstance(node, Service):
            continue
        if node.provider not in operations:
            message = f"{node.name} calls “{node.provider}”, which is no provider of this App."
            yield Problem(node.name, "unknown_provider", message)
        elif node.operation not in operations[node.provider]:
            message = f"{node.name} calls “{node.operation}”, which {node.provider} does not have."
            yield Problem(node.name, "unknown_operation", message)


def _broken_scripts(nodes: Iterable[NodeKind], scripts: ScriptRunner) -> Iterator[Problem]:
    for node in nodes:
        for name, code in node.scripts():
            if words := scripts.check(code):
                yield Problem(node.name, "script_syntax", f"{node.name}: “{name}” does not compile. {words}")
        if isinstance(node, Entity) and node.pattern and (words := broken(node.pattern, scripts)):
            yield Problem(node.name, "bad_pattern", f"{node.name}: “pattern” cannot be used. {words}")
