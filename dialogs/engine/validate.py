"""Everything that keeps a draft from being published, in one list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dialogs.graph.problems import Problem
from dialogs.nodes.kinds.dialog import Dialog
from dialogs.nodes.kinds.entity import Entity
from dialogs.nodes.kinds.service import Service
from dialogs.nodes.values.pattern import broken

from .circles import circle_problems
from .comparisons import condition_problems
from .compile import examine
from .variables import variable_problems

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from dialogs.nodes.base import NodeKind

    from .ports import ScriptRunner


def problems_of(
    document: Mapping[str, Any],
    operations: Mapping[str, Collection[str]] | None = None,
    scripts: ScriptRunner | None = None,
    tasks: Mapping[str, bool] | None = None,
    profiles: Collection[str] | None = None,
) -> list[Problem]:
    """The problems of a document, each with its node.

    ``operations`` are names by provider, or mappings of them to the JSON Schemas of their parameters, which are looked
    at then; ``tasks`` are the names of the App's dialog tasks, and whether each can run; ``profiles`` are the names of
    its authorization profiles. What is not given is not looked at.
    """
    examined = examine(document)
    nodes = list(examined.nodes.values())
    problems = [*examined.problems]
    # A node that cannot be read fills nothing; what asks for it would be blamed for its fault.
    if len(nodes) == len(examined.graph.nodes):
        problems += variable_problems(examined.graph, examined.nodes)
    problems += condition_problems(examined.graph, examined.nodes)
    problems += circle_problems(examined.graph, examined.nodes)
    if tasks is not None:
        problems += _unready_tasks(nodes, tasks)
    if operations is not None:
        problems += _unknown_operations(nodes, operations)
    if profiles is not None:
        problems += _unknown_profiles(nodes, profiles)
    if scripts is not None:
        problems += _broken_scripts(nodes, scripts)
    return problems


def _unknown_operations(nodes: Iterable[NodeKind], operations: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    for node in nodes:
        for provider, operation in node.calls():
            field = "lookup" if isinstance(node, Entity) else "operation"
            if provider not in operations:
                message = f"{node.name} calls “{provider}”, which is no provider of this App."
                yield Problem(node.name, "unknown_provider", message, "lookup" if field == "lookup" else "provider")
            elif operation not in operations[provider]:
                message = f"{node.name} calls “{operation}”, which {provider} does not have."
                yield Problem(node.name, "unknown_operation", message, field)
            elif isinstance(node, Service):
                known = operations[provider]
                yield from _wrong_parameters(node, known[operation] if isinstance(known, Mapping) else {})


def _wrong_parameters(node: Service, schema: Mapping[str, Any]) -> Iterator[Problem]:
    given = {name for name, value in node.parameters.source.items() if value is not None}
    for name in sorted(given - set(schema.get("properties", given))):
        known = ", ".join(schema["properties"]) or "none"
        message = f"{node.name}: “{node.operation}” has no parameter “{name}”; it has {known}."
        yield Problem(node.name, "unknown_parameter", message, "parameters")
    for name in schema.get("required", ()):
        if name not in given:
            message = f"{node.name}: the parameter “{name}” of “{node.operation}” is missing."
            yield Problem(node.name, "missing_parameter", message, "parameters")


def _unknown_profiles(nodes: Iterable[NodeKind], profiles: Collection[str]) -> Iterator[Problem]:
    for node in nodes:
        if isinstance(node, Service) and node.profile and node.profile not in profiles:
            message = f"{node.name} signs in with the authorization profile “{node.profile}”, which this App has not."
            yield Problem(node.name, "unknown_profile", message, "profile")


def _unready_tasks(nodes: Iterable[NodeKind], tasks: Mapping[str, bool]) -> Iterator[Problem]:
    for node in nodes:
        if not isinstance(node, Dialog) or tasks.get(node.task):
            continue
        if node.task in tasks:
            message = (
                f"{node.name} leads to the dialog task “{node.task}”, which was never published. Publish it first."
            )
            yield Problem(node.name, "unpublished_task", message, "task")
        else:
            message = f"{node.name} leads to the dialog task “{node.task}”, which this App does not have."
            yield Problem(node.name, "unknown_task", message, "task")


def _broken_scripts(nodes: Iterable[NodeKind], scripts: ScriptRunner) -> Iterator[Problem]:
    for node in nodes:
        for name, code in node.scripts():
            if words := scripts.check(code):
                message = f"{node.name}: “{name}” does not compile. {words}"
                yield Problem(node.name, "script_syntax", message, name)
        for name in ("pattern", "mask_pattern") if isinstance(node, Entity) else ():
            pattern = getattr(node, name)
            if pattern and (words := broken(pattern, scripts)):
                message = f"{node.name}: “{name}” cannot be used. {words}"
                yield Problem(node.name, "bad_pattern", message, name)
