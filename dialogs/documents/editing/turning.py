"""The operations that turn one draft into another: how to go back to a version, or on to an imported document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .draft import Draft, Entry

Op = dict[str, Any]


def ops_between(before: Draft, after: Draft) -> list[Op]:
    """What to do to ``before`` to get ``after``; empty when they say the same. The task's name is no part of it.

    A node is the same node where it has the same name. Nodes come before what leads to them, and containers before
    what is inside.
    """
    return [
        *_added(before, after),
        *_changed(before, after),
        *_removed(before, after),
        *_transitions(before, after),
        *_head(before, after),
        *_notes(before, after),
    ]


def _added(before: Draft, after: Draft) -> Iterator[Op]:
    new = [name for name in after.nodes if name not in before.nodes]
    for name in sorted(new, key=lambda name: _depth(after, name)):
        yield {"op": "add_node", "node": after.nodes[name]}


def _depth(draft: Draft, name: str) -> int:
    depth, parent = 0, draft.nodes[name]["parent"]
    while parent in draft.nodes and depth < len(draft.nodes):
        depth, parent = depth + 1, draft.nodes[parent]["parent"]
    return depth


def _changed(before: Draft, after: Draft) -> Iterator[Op]:
    for name, node in after.nodes.items():
        old = before.nodes.get(name)
        if old is None or old is node:
            continue
        change: Op = {key: node[key] for key in ("kind", "title", "parent", "position") if node[key] != old[key]}
        if node["properties"] != old["properties"]:
            change["properties_patch"] = _patch(old["properties"], node["properties"])
        if change:
            yield {"op": "set_node", "name": name, **change}


def _patch(old: Entry, new: Entry) -> Entry:
    gone = {key: None for key in old if key not in new}
    return {key: value for key, value in new.items() if key not in old or old[key] != value} | gone


def _removed(before: Draft, after: Draft) -> Iterator[Op]:
    """A container takes along what is inside it, unless that has been moved out by then."""
    for name, node in before.nodes.items():
        if name not in after.nodes and (node["parent"] is None or node["parent"] in after.nodes):
            yield {"op": "remove_node", "name": name}


def _transitions(before: Draft, after: Draft) -> Iterator[Op]:
    for source in {**before.ways, **after.ways}:
        wanted = after.ways.get(source, [])
        if source in after.nodes and _left_by_removal(before, after, source) != wanted:
            yield {"op": "set_transitions", "source": source, "transitions": wanted}


def _left_by_removal(before: Draft, after: Draft, source: str) -> list[Entry]:
    gone = before.nodes.keys() - after.nodes.keys()
    ways = before.ways.get(source, [])
    return [entry | {"target": None} if entry["target"] in gone else entry for entry in ways] if gone else ways


def _head(before: Draft, after: Draft) -> Iterator[Op]:
    change = {key: value for key, value in after.head.items() if key != "name" and before.head.get(key) != value}
    if change:
        yield {"op": "set_task", **change}


def _notes(before: Draft, after: Draft) -> Iterator[Op]:
    for key, note in after.notes.items():
        if before.notes.get(key) != note:
            yield {"op": "set_note", "note": note}
    for key in before.notes:
        if key not in after.notes:
            yield {"op": "remove_note", "id": key}
