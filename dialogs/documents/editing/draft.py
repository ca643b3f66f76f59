"""A draft while it is edited: by name, so that an operation finds what it means at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Entry = dict[str, Any]

FORMAT = 1
#: What a task has beside nodes, transitions and notes.
HEAD = ("name", "title", "description", "start", "settings")


@dataclass
class Draft:
    """Entries are replaced and never changed, so a copy is shallow and two drafts compare quickly."""

    head: Entry
    nodes: dict[str, Entry]
    #: By source; no source has an empty list.
    ways: dict[str, list[Entry]]
    notes: dict[str, Entry]
    #: Under which name each node came in; new ones have none.
    origin: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """From a document of format 1, with positions and notes if it has them."""
        nodes = {entry["name"]: _node(entry) for entry in document.get("nodes", [])}
        ways: dict[str, list[Entry]] = {}
        for entry in document.get("transitions", []):
            ways.setdefault(entry["source"], []).append(way(entry))
        head: Entry = {name: document.get(name) or ("" if name != "settings" else {}) for name in HEAD}
        notes = {entry["id"]: entry for entry in document.get("notes") or []}
        return cls(head, nodes, ways, notes, {name: name for name in nodes})

    def copy(self) -> Draft:
        """Another one with the same content, to which every node comes in under its present name."""
        return Draft(dict(self.head), dict(self.nodes), dict(self.ways), dict(self.notes), {n: n for n in self.nodes})

    def document(self) -> Entry:
        """What is published of it: no positions, no notes; settings where there are any."""
        head = {name: value for name, value in self.head.items() if name != "settings" or value}
        return {
            "format": FORMAT,
            **head,
            "nodes": [{key: value for key, value in node.items() if key != "position"} for node in self.nodes.values()],
            "transitions": [{"source": source, **way} for source, ways in self.ways.items() for way in ways],
        }

    def inside(self, name: str) -> Iterable[str]:
        """The nodes that a container holds, at any depth."""
        for inner, entry in self.nodes.items():
            if entry["parent"] == name:
                yield inner
                yield from self.inside(inner)


def _node(entry: Mapping[str, Any]) -> Entry:
    return {
        "name": entry["name"],
        "kind": entry["kind"],
        "title": entry.get("title") or "",
        "parent": entry.get("parent") or None,
        "properties": entry.get("properties") or {},
        "position": entry.get("position"),
    }


def way(entry: Mapping[str, Any]) -> Entry:
    """A transition without its source, with all of its fields."""
    return {
        "target": entry.get("target") or None,
        "condition": entry.get("condition"),
        "label": entry.get("label") or "",
    }
