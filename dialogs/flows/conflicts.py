"""Two people changed the same: both versions of it, in words and as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.errors import EditConflict

from .edit_log import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dialogs.documents.editing import Draft, Thing
    from dialogs.models import DialogTask, DraftEdit

Entry = dict[str, Any]


def about(thing: Thing, values: tuple[Any, Any], theirs: Mapping[Thing, DraftEdit]) -> Entry:
    """One thing that an edit would change although others did: ``values`` are what is there now and the edit's."""
    by = name_of(_last(thing, theirs))
    return {
        "thing": thing.kind,
        "node": thing.name if thing.kind in {"node", "property", "transitions"} else "",
        "field": thing.field or (thing.name if thing.kind in {"task", "note"} else ""),
        "words": f"{by} changed {_spoken(thing)}.",
        "mine": values[1],
        "theirs": values[0],
        "by": by,
    }


def about_node(name: str, op: Entry, present: Draft, theirs: Mapping[Thing, DraftEdit]) -> Entry | None:
    """An operation that cannot be made, if that is because others took its node away or made one of that name."""
    edit = next(
        (edit for thing, edit in theirs.items() if (thing.kind, thing.name, thing.field) == ("node", name, "")), None
    )
    if edit is None:
        return None
    by, there = name_of(edit), present.nodes.get(name)
    words = f"{by} added a node {name}." if there else f"{by} deleted or renamed {name}."
    mine = op.get("node", op)
    return {"thing": "node", "node": name, "field": "", "words": words, "mine": mine, "theirs": there, "by": by}


def about_names(ops: Iterable[Entry], renamings: Iterable[tuple[str, str, DraftEdit]]) -> Entry | None:
    """Two people who give one node different names."""
    names = {old: (new, edit) for old, new, edit in renamings}
    for op in ops:
        if op["op"] == "rename_node" and op["from"] in names and names[op["from"]][0] != op["to"]:
            new, edit = names[op["from"]]
            by, words = name_of(edit), f"{name_of(edit)} renamed {op['from']} to {new}."
            return {
                "thing": "node",
                "node": op["from"],
                "field": "name",
                "words": words,
                "mine": op["to"],
                "theirs": new,
                "by": by,
            }
    return None


def refused(task: DialogTask, others: Sequence[Entry], found: Sequence[Entry]) -> EditConflict:
    """The error that shows them."""
    people = " and ".join(dict.fromkeys(conflict["by"] for conflict in found))
    return EditConflict(task=task.title, people=people, revision=task.revision, others=others, conflicts=found)


def _last(thing: Thing, theirs: Mapping[Thing, DraftEdit]) -> DraftEdit:
    """Whose edit stands against a thing: of the same one, or of its node's coming, going and content."""
    if thing in theirs:
        return theirs[thing]
    return max((edit for other, edit in theirs.items() if other.name == thing.name), key=lambda edit: edit.revision)


def _spoken(thing: Thing) -> str:
    if thing.kind == "property":
        return f"“{thing.field}” of {thing.name}"
    if thing.kind == "transitions":
        return f"the transitions of {thing.name}"
    if thing.kind == "node":
        return f"the {thing.field} of {thing.name}" if thing.field else thing.name
    return f"the task's {thing.name}" if thing.kind == "task" else "the same note"
