"""A dialog in three lines: what it asks, what it calls, what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from integrations import api

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: What precedes the part of a path that people recognise: "/rest/api/3/issue/{key}" reads "issue/{key}".
API_PREFIX = re.compile(r"^/?(?:rest/)?(?:api/)?(?:v?\d+/)?")
#: Kinds of nodes that a person answers.
ASKING = frozenset({"entity", "confirmation", "required_fields", "form"})


@dataclass(frozen=True)
class Outline:
    """``asks`` and ``says`` are titles of nodes; ``calls`` are (operation's title, method and short path)."""

    asks: list[str]
    calls: list[tuple[str, str]]
    says: list[str]

    @property
    def gist(self) -> str:
        """What it is for: the calls that change something, or else the last one that reads."""
        lines = [line for _title, line in self.calls]
        changing = [line for line in lines if not line.startswith("GET ")]
        return ", ".join(changing or lines[-1:])


def outline_of(document: Mapping[str, Any]) -> Outline:
    """Of a graph document, in the order in which its nodes stand."""
    nodes = document.get("nodes", [])
    return Outline(
        asks=[node["name"] for node in nodes if node["kind"] in ASKING],
        calls=list(dict.fromkeys(_calls(nodes))),
        says=[node.get("title") or node["name"] for node in nodes if node["kind"] == "message"],
    )


def _calls(nodes: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    known = {provider: api.operations(provider) for provider in api.providers()}
    for node in nodes:
        properties = node.get("properties") or {}
        operation = known.get(properties.get("provider", ""), {}).get(properties.get("operation", ""))
        if node["kind"] == "service" and operation is not None:
            yield operation.title, f"{operation.method} {API_PREFIX.sub('', operation.path)}"
