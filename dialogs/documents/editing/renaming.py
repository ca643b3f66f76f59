"""A node's new name, everywhere it is spoken of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .mentions import counted, in_condition, in_properties, places_of, targets_in

if TYPE_CHECKING:
    from .draft import Draft, Entry
    from .mentions import Chooser


def rename(draft: Draft, old: str, new: str) -> int:
    """Gives a node another name and rewrites what speaks of it; in how many places."""
    choose, seen = counted(dict.fromkeys(places_of(old, draft.nodes[old]["kind"]), new))
    count = 0
    nodes: dict[str, Entry] = {}
    for name, node in draft.nodes.items():
        changed = node | {"properties": in_properties(node, choose)}
        for key in targets_in(node):
            if node["properties"][key] == old:
                changed["properties"][key] = new
                count += 1
        if name == old:
            changed["name"] = new
        if node["parent"] == old:
            changed["parent"] = new
        nodes[changed["name"]] = node if changed == node else changed
    draft.nodes = nodes
    count += _rename_in_transitions(draft, old, new, choose)
    if draft.head["start"] == old:
        draft.head = draft.head | {"start": new}
        count += 1
    for key, note in draft.notes.items():
        if old in note.get("members", ()):
            members = [new if member == old else member for member in note["members"]]
            draft.notes[key] = note | {"members": members}
    return count + sum(seen.values())


def _rename_in_transitions(draft: Draft, old: str, new: str, choose: Chooser) -> int:
    count = 0
    ways: dict[str, list[Entry]] = {}
    for source, entries in draft.ways.items():
        rewritten = [entry | {"condition": in_condition(entry["condition"], choose)} for entry in entries]
        for entry in rewritten:
            if entry["target"] == old:
                entry["target"] = new
                count += 1
        ways[new if source == old else source] = entries if rewritten == entries else rewritten
    draft.ways = ways
    return count
