"""The node kinds there are, and making a node of a graph into one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dialogs.graph.problems import Problem

from .base import NodeKind
from .discovery import classes_in
from .fields import read_properties, specs_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.graph.model import Node

#: Node kinds by name. A module in `kinds` with a `NodeKind` in it is a kind; nothing else need know of it.
KINDS: Final[Mapping[str, type[NodeKind]]] = {
    found.kind: found for found in classes_in("dialogs.nodes.kinds", NodeKind)
}


def prepare(node: Node) -> tuple[NodeKind | None, list[Problem]]:
    """The node ready to run, or None and every problem of its kind and properties."""
    kind = KINDS.get(node.kind)
    if kind is None:
        known = ", ".join(KINDS)
        return None, [Problem(node.name, "unknown_kind", f"{node.name} is a “{node.kind}”; there are only {known}.")]
    values, wrong = read_properties(kind, spelled(node.properties))
    if not wrong:
        prepared = kind(name=node.name, title=node.title, parent=node.parent, **values)
        wrong = list(prepared.complaints())
        if not wrong:
            return prepared, []
    return None, [_problem(node, name, words) for name, words in wrong]


def spelled(properties: Mapping[Any, Any]) -> dict[str, Any]:
    """Properties with the names that authors wrote: YAML 1.1 reads a bare ``yes`` and ``no`` as true and false."""
    words: dict[Any, str] = {True: "yes", False: "no", "true": "yes", "false": "no"}
    return {words.get(name, str(name)): value for name, value in properties.items()}


def _problem(node: Node, name: str, words: str) -> Problem:
    code = "template_syntax" if words.startswith("The template") else "bad_property"
    joint = ": " if code == "template_syntax" else " "
    return Problem(node.name, code, f"{node.name}: “{name}”{joint}{words}".rstrip(".") + ".", name)


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind's properties, for forms and editors. Raises KeyError for no kind."""
    specs = specs_of(KINDS[kind])
    return {
        "type": "object",
        "title": kind,
        "properties": {name: spec.schema() for name, spec in specs.items()},
        "required": [name for name, spec in specs.items() if spec.required],
        "additionalProperties": False,
    }
