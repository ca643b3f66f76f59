"""Making operations on a draft, each a function here. That an edit is made whole is for who keeps the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dialogs.documents.canonical import dump
from dialogs.graph.model import END, END_OF_ACTION

from .draft import way
from .errors import BadEdit
from .renaming import rename

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .draft import Draft

Op = dict[str, Any]

MOST_NODES: Final = 2000
MOST_TRANSITIONS: Final = 10_000
MOST_NOTES: Final = 500


def apply(draft: Draft, ops: Sequence[Op]) -> list[Op]:
    """Makes operations, which `read_ops` has let in, one after the other; what each did beside the obvious.

    Raises BadEdit at the first that cannot be made; the draft is then half edited and must be dropped.
    """
    told = []
    for number, op in enumerate(ops):
        try:
            told.append({"op": op["op"], **(OPS[op["op"]](draft, op) or {})})
        except BadEdit as error:
            error.at = number
            raise
    _check_size(draft, len(ops) - 1)
    return told


def _check_size(draft: Draft, at: int) -> None:
    transitions = sum(len(ways) for ways in draft.ways.values())
    for count, most, what in (
        (len(draft.nodes), MOST_NODES, "nodes"),
        (transitions, MOST_TRANSITIONS, "transitions"),
        (len(draft.notes), MOST_NOTES, "notes"),
    ):
        if count > most:
            raise BadEdit(f"the task would have {count} {what}; {most} are the most.", at=at)


def _add_node(draft: Draft, op: Op) -> None:
    node = op["node"]
    name, parent = node["name"], node.get("parent") or None
    if name in draft.nodes:
        raise BadEdit(f"there is a node {name} already; choose another name.", node=name)
    _check_parent(draft, name, parent)
    draft.nodes[name] = {
        "name": name,
        "kind": node["kind"],
        "title": node.get("title") or "",
        "parent": parent,
        "properties": node.get("properties") or {},
        "position": node.get("position"),
    }


def _check_parent(draft: Draft, name: str, parent: str | None) -> None:
    if parent is None:
        return
    if parent not in draft.nodes:
        raise BadEdit(f"{name} would be inside {parent}, which is no node.", node=parent)
    if parent == name or parent in draft.inside(name):
        raise BadEdit(f"{name} cannot be inside itself.", node=name)


def _remove_node(draft: Draft, op: Op) -> None:
    gone = {_known(draft, op["name"]), *draft.inside(op["name"])}
    for name in gone:
        del draft.nodes[name]
        draft.origin.pop(name, None)
        draft.ways.pop(name, None)
    for source, ways in draft.ways.items():
        if any(entry["target"] in gone for entry in ways):
            draft.ways[source] = [entry | {"target": None} if entry["target"] in gone else entry for entry in ways]


def _set_node(draft: Draft, op: Op) -> None:
    name = _known(draft, op["name"])
    node = dict(draft.nodes[name])
    if "parent" in op:
        _check_parent(draft, name, op["parent"] or None)
        node["parent"] = op["parent"] or None
    node |= {key: op[key] for key in ("kind", "title", "position", "properties") if key in op}
    if "properties_patch" in op:
        merged = {**node["properties"], **op["properties_patch"]}
        node["properties"] = {key: value for key, value in merged.items() if value is not None}
    draft.nodes[name] = node


def _rename_node(draft: Draft, op: Op) -> Op:
    old, new = _known(draft, op["from"]), op["to"]
    if new in draft.nodes:
        raise BadEdit(f"there is a node {new} already; choose another name.", node=new)
    renamed = draft.copy()
    mentions = rename(renamed, old, new)
    told = {"from": old, "to": new, "mentions": mentions, "ops": list(_exactly(draft, renamed, old))}
    draft.head, draft.nodes, draft.ways, draft.notes = renamed.head, renamed.nodes, renamed.ways, renamed.notes
    if old in draft.origin:
        draft.origin[new] = draft.origin.pop(old)
    return told


def _exactly(before: Draft, after: Draft, old: str) -> Iterator[Op]:
    """All that a renaming has or could be thought to have rewritten, for editors that keep a copy of the draft.

    Whoever rewrites by a rule of their own comes to the same draft with it.
    """
    for earlier, (name, node) in zip(before.nodes.values(), after.nodes.items(), strict=True):
        if node["parent"] != earlier["parent"]:
            yield {"op": "set_node", "name": name, "parent": node["parent"]}
        if old in dump(earlier["properties"]):
            yield {"op": "set_node", "name": name, "properties": node["properties"]}
    for earlier_ways, (source, ways) in zip(before.ways.values(), after.ways.items(), strict=True):
        if old in dump({"ways": earlier_ways}):
            yield {"op": "set_transitions", "source": source, "transitions": ways}
    if after.head["start"] != before.head["start"]:
        yield {"op": "set_task", "start": after.head["start"]}
    for key, note in after.notes.items():
        if note != before.notes[key]:
            yield {"op": "set_note", "note": note}


def _set_transitions(draft: Draft, op: Op) -> None:
    source = _known(draft, op["source"])
    ways = [way(entry) for entry in op["transitions"]]
    for entry in ways:
        if entry["target"] not in (None, END, END_OF_ACTION):
            _known(draft, entry["target"])
    if ways:
        draft.ways[source] = ways
    else:
        draft.ways.pop(source, None)


def _set_task(draft: Draft, op: Op) -> None:
    draft.head |= {key: value for key, value in op.items() if key != "op"}


def _set_notes(draft: Draft, op: Op) -> None:
    draft.notes = {note["id"]: note for note in op["notes"]}


def _set_note(draft: Draft, op: Op) -> None:
    draft.notes[op["note"]["id"]] = op["note"]


def _remove_note(draft: Draft, op: Op) -> None:
    draft.notes.pop(op["id"], None)


def _known(draft: Draft, name: str) -> str:
    if name not in draft.nodes:
        raise BadEdit(f"there is no node {name}.", node=name)
    return name


OPS: Final[Mapping[str, Callable[[Draft, Op], Op | None]]] = {
    "add_node": _add_node,
    "remove_node": _remove_node,
    "set_node": _set_node,
    "rename_node": _rename_node,
    "set_transitions": _set_transitions,
    "set_task": _set_task,
    "set_notes": _set_notes,
    "set_note": _set_note,
    "remove_note": _remove_note,
}
