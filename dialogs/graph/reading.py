"""From a document to a graph. What cannot be read becomes a problem, and the rest is read all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xoplatform.core.templating import TemplateSyntax

from .conditions import ConditionError, read_condition
from .model import Graph, Node, Transition
from .problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_graph(document: Mapping[str, Any]) -> tuple[Graph, list[Problem]]:
    """The graph of a document of format 1, and what of the document was left out because it could not be read."""
    problems: list[Problem] = []
    nodes = _nodes(_entries(document, "nodes", problems), problems)
    transitions = _transitions(_entries(document, "transitions", problems), nodes, problems)
    graph = Graph(
        name=str(document.get("name") or ""),
        title=str(document.get("title") or document.get("name") or ""),
        description=str(document.get("description") or ""),
        start=str(document.get("start") or ""),
        nodes=nodes,
        transitions=transitions,
    )
    return graph, problems


def _entries(document: Mapping[str, Any], key: str, problems: list[Problem]) -> list[Mapping[str, Any]]:
    entries = document.get(key) or []
    if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries):
        return entries
    problems.append(Problem("", "malformed", f"“{key}” must be a list of mappings."))
    return []


def _nodes(entries: list[Mapping[str, Any]], problems: list[Problem]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for entry in entries:
        name, properties = str(entry.get("name") or ""), entry.get("properties") or {}
        if not name or any(letter.isspace() for letter in name) or name.startswith("@"):
            problems.append(Problem(name, "bad_name", f"A node needs a name without blanks or “@”, not “{name}”."))
            continue
        if name in nodes:
            problems.append(Problem(name, "duplicate_name", f"Two nodes are named {name}. Rename one of them."))
            continue
        if not isinstance(properties, dict):
            problems.append(Problem(name, "malformed", f"The properties of {name} must be a mapping."))
            properties = {}
        nodes[name] = Node(
            name=name,
            kind=str(entry.get("kind") or ""),
            title=str(entry.get("title") or ""),
            parent=str(entry["parent"]) if entry.get("parent") else None,
            properties=properties,
        )
    return nodes


def _transitions(
    entries: list[Mapping[str, Any]], nodes: Mapping[str, Node], problems: list[Problem]
) -> dict[str, tuple[Transition, ...]]:
    found: dict[str, list[Transition]] = {}
    for entry in entries:
        source = str(entry.get("source") or "")
        if source not in nodes:
            problems.append(Problem(source, "unknown_source", f"A transition leaves “{source}”, which is no node."))
            continue
        try:
            condition = read_condition(entry["condition"], source) if entry.get("condition") is not None else None
        except (ConditionError, TemplateSyntax) as error:
            message = f"A condition of {source} cannot be read: {error}."
            problems.append(Problem(source, "bad_condition", message.replace("..", ".")))
            continue
        target = entry.get("target")
        found.setdefault(source, []).append(
            Transition(source, str(target) if target else None, condition, str(entry.get("label") or ""))
        )
    return {source: tuple(arrows) for source, arrows in found.items()}
