"""Operations that speak of a node by a name it no longer has: somebody else renamed it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.nodes.fields import NodeName, specs_of
from dialogs.nodes.registry import KINDS

from .mentions import in_condition, in_properties, places_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .draft import Draft, Entry
    from .mentions import Place

Op = dict[str, Any]


def followed(ops: Sequence[Op], draft: Draft, renamings: Iterable[tuple[str, str, Any]]) -> Sequence[Op]:
    """The same operations with the names that nodes have now, in their texts, scripts and conditions too.

    ``renamings`` are old and new names in order. A name that another node of ``draft`` has by now means that one.
    """
    latest: dict[str, str] = {}
    for old, new, *_ in renamings:
        latest = {name: new if present == old else present for name, present in latest.items()} | {old: new}
    for old, new in latest.items():
        if old not in draft.nodes:
            ops = _follow(ops, draft, old, new)
    return ops


def _follow(ops: Iterable[Op], draft: Draft, old: str, new: str) -> list[Op]:
    """Operations behind one that makes a node of the old name mean that one, and stay as they are."""
    following: _Following | None = _Following(draft, old, new)
    told = []
    for op in ops:
        if op["op"] == "add_node" and op["node"]["name"] == old:
            following = None
        told.append(following.op(op) if following else op)
    return told


def exactly(sent: Op, made: Op) -> list[Op]:
    """What an editor that made ``sent`` on its copy has to add where ``made`` was made here; else nothing."""
    if sent == made:
        return []
    if made["op"] == "add_node":
        node = made["node"]
        return [
            {
                "op": "set_node",
                "name": node["name"],
                **{key: node[key] for key in ("parent", "properties") if key in node},
            }
        ]
    return [made]


class _Following:
    def __init__(self, draft: Draft, old: str, new: str) -> None:
        self.draft, self.old, self.new = draft, old, new
        # It may be gone by now, which is found out where an operation needs it.
        self.places = places_of(old, draft.nodes[new]["kind"]) if new in draft.nodes else frozenset()

    def op(self, op: Op) -> Op:
        made = dict(op)
        for key in ("name", "parent", "from", "source", "start"):
            if key in made:
                made[key] = self.name(made[key])
        if "node" in made:
            made["node"] = self._node(made["node"], made["node"]["kind"])
        if op["op"] == "set_node":
            there = self.draft.nodes.get(made["name"])
            made = self._node(made, made.get("kind") or (there["kind"] if there else ""))
        if "transitions" in made:
            made["transitions"] = [self._way(way) for way in made["transitions"]]
        if "note" in made:
            made["note"] = self._note(made["note"])
        if "notes" in made:
            made["notes"] = [self._note(note) for note in made["notes"]]
        return made

    def name(self, name: Any) -> Any:
        return self.new if name == self.old else name

    def choose(self, place: Place) -> str | None:
        return self.new if place in self.places else None

    def _node(self, entry: Entry, kind: str) -> Entry:
        made = dict(entry)
        if "parent" in made:
            made["parent"] = self.name(made["parent"])
        for key in ("properties", "properties_patch"):
            if key in made:
                made[key] = self._properties(made[key], kind)
        return made

    def _properties(self, properties: Entry, kind: str) -> Entry:
        made = in_properties({"kind": kind, "properties": properties}, self.choose)
        specs = specs_of(KINDS[kind]) if kind in KINDS else {}
        return {key: self.name(value) if isinstance(specs.get(key), NodeName) else value for key, value in made.items()}

    def _way(self, way: Entry) -> Entry:
        made = dict(way)
        if "target" in made:
            made["target"] = self.name(made["target"])
        if "condition" in made:
            made["condition"] = in_condition(made["condition"], self.choose)
        return made

    def _note(self, note: Entry) -> Entry:
        return note | {"members": [self.name(name) for name in note["members"]]} if "members" in note else note
