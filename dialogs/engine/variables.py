"""Which variables a graph can have, and which it asks for without having them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dialogs.graph.paths import RESERVED, SCOPES, inside_context
from dialogs.graph.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.graph.model import Graph
    from dialogs.nodes.base import NodeKind
    from xoplatform.core.templating import Path

#: `context.a.b` and `context["a"]` in scripts, and an index that is only known when it runs.
MENTION: Final = re.compile(r"""\bcontext\s*(?:\.\s*([A-Za-z_$][\w$]*)|\[\s*["'`]([^"'`]+)["'`]\s*\])""")
ENTITY_MENTION: Final = re.compile(r"""\bentities\s*(?:\.\s*([A-Za-z_$][\w$]*)|\[\s*["'`]([^"'`]+)["'`]\s*\])""")
#: `context.put("a.b", …)`: the first step of its path.
PUT: Final = re.compile(r"""\bcontext\s*\.\s*put\s*\(\s*["'`](?:context\.)?([^"'`.]+)()""")
#: Kinds whose scripts change the context.
FILLING: Final = ("script", "service")
COMPUTED: Final = re.compile(r"""\b(?:context|entities)\s*\[\s*[^\s"'`\]]|\bcontext\s*=[^=]""")
RESPONSE_KEYS: Final = ("statusCode", "body", "outcome", "message", "retryAfter", "headers", "reconciled")


class Variables:
    """What can stand in the context of a graph: what its nodes fill and what its scripts mention."""

    def __init__(self, nodes: Mapping[str, NodeKind]) -> None:
        codes = [code for node in nodes.values() if node.kind in FILLING for _, code in node.scripts()]
        #: A script that computes its keys may fill anything.
        self.open = any(COMPUTED.search(code) for code in codes)
        assigned = [path for node in nodes.values() for path in node.assigns()]
        self.roots = (
            {str(path[0]) for path in assigned}
            | _mentions(MENTION, codes)
            | _mentions(PUT, codes)
            | RESERVED
            | set(SCOPES)
        )
        self.entities = _second(assigned, "entities") | _mentions(ENTITY_MENTION, codes)
        self.confirmations = _second(assigned, "confirmations")
        self.services = {str(path[0]) for path in assigned if path[1:] == ("response",)}

    def complaint(self, path: Path) -> str | None:
        """What is wrong with a path below the context, as a whole sentence; None if it can have a value."""
        root, rest = str(path[0]), [str(step) for step in path[1:]]
        if root == "entities" and rest and rest[0] not in self.entities and not self.open:
            return f"There is no entity “{rest[0]}”."
        if root == "confirmations" and rest and rest[0] not in self.confirmations and not self.open:
            return f"There is no confirmation “{rest[0]}”."
        if root == "session" and rest and rest[0] not in SCOPES:
            return f"The session has no “{rest[0]}”, only {', '.join(SCOPES)}."
        if root in self.services and rest and (rest[0] != "response" or (rest[1:] and rest[1] not in RESPONSE_KEYS)):
            return f"The result of {root} is at {root}.response, with {', '.join(RESPONSE_KEYS)}."
        if root not in self.roots and not self.open:
            return f"Nothing fills “context.{root}”: no node and no script of this task."
        return None


def _mentions(pattern: re.Pattern[str], codes: list[str]) -> set[str]:
    return {match[1] or match[2] for code in codes for match in pattern.finditer(code)}


def _second(paths: list[Path], root: str) -> set[str]:
    return {str(path[1]) for path in paths if path[0] == root and len(path) > 1}


def variable_problems(graph: Graph, nodes: Mapping[str, NodeKind]) -> Iterator[Problem]:
    """The placeholders and conditions that ask for what cannot be there."""
    variables = Variables(nodes)
    for node in nodes.values():
        yield from _of_node(node, variables)
    for arrows in graph.transitions.values():
        for arrow in arrows:
            for path in arrow.condition.paths if arrow.condition else ():
                if words := variables.complaint(path):
                    message = f"A condition of {arrow.source} asks for {spoken(path)}. {words}"
                    yield Problem(arrow.source, "unknown_variable", message)


def _of_node(node: NodeKind, variables: Variables) -> Iterator[Problem]:
    used = ((name, path) for name, template in node.templates() for path in template.paths)
    for name, path in used:
        if words := _template_complaint(path, variables):
            message = f"{node.name}: “{name}” uses {spoken(path)}. {words}"
            yield Problem(node.name, "unknown_variable", message, name)
    asked = ((name, path) for name, condition in node.conditions() for path in condition.paths)
    for name, path in asked:
        if words := variables.complaint(path):
            message = f"{node.name}: a condition of “{name}” asks for {spoken(path)}. {words}"
            yield Problem(node.name, "unknown_variable", message, name)


def _template_complaint(path: Path, variables: Variables) -> str | None:
    if path[0] != "context":
        return f"Placeholders begin with “context”, not “{path[0]}”."
    return variables.complaint(inside_context(path[1:])) if len(path) > 1 else None


def spoken(path: Path) -> str:
    """A path as authors write it."""
    return "“" + "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path).lstrip(".") + "”"
