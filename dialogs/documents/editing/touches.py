"""What an edit changed, thing by thing: two edits can be merged where they changed different things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from .draft import Draft

#: That a node exists at all, as the field of a thing.
BEING: Final = ""
POSITION: Final = "position"


class Thing(NamedTuple):
    """``kind`` is node, property, transitions, task or note; ``name`` the node, the task's field or the note."""

    kind: str
    name: str
    field: str = ""


#: What was there before and what is there now, None for nothing.
Values = tuple[Any, Any]


def touched(before: Draft, after: Draft) -> dict[Thing, Values]:
    """Every thing that differs. Of a node that came or went only its being, and the transitions that led to it."""
    return {
        **dict(_nodes(before, after)),
        **dict(_transitions(before, after)),
        **_fields("task", before.head, after.head),
        **_fields("note", before.notes, after.notes),
    }


def _nodes(before: Draft, after: Draft) -> Iterator[tuple[Thing, Values]]:
    for name in {**before.nodes, **after.nodes}:
        old, new = before.nodes.get(name), after.nodes.get(name)
        if old is new:
            continue
        if old is None or new is None:
            yield Thing("node", name, BEING), (old, new)
            continue
        for key in ("kind", "title", "parent", POSITION):
            if old[key] != new[key]:
                yield Thing("node", name, key), (old[key], new[key])
        for key in {**old["properties"], **new["properties"]}:
            values = old["properties"].get(key), new["properties"].get(key)
            if values[0] != values[1]:
                yield Thing("property", name, key), values


def _transitions(before: Draft, after: Draft) -> Iterator[tuple[Thing, Values]]:
    for source in {**before.ways, **after.ways}:
        old, new = before.ways.get(source, []), after.ways.get(source, [])
        if old is not new and old != new and source in before.nodes and source in after.nodes:
            yield Thing("transitions", source), (old, new)


def _fields(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[Thing, Values]:
    names = {**before, **after}
    values = {Thing(kind, name): (before.get(name), after.get(name)) for name in names}
    return {thing: pair for thing, pair in values.items() if pair[0] != pair[1]}


def only_looks(things: Collection[Thing]) -> bool:
    """Whether nothing changed but where things stand on the canvas, and its notes."""
    return all(thing.kind == "note" or (thing.kind, thing.field) == ("node", POSITION) for thing in things)


def clashes(mine: Collection[Thing], theirs: Collection[Thing]) -> list[Thing]:
    """Those of ``mine`` that cannot stand beside ``theirs``. Whoever moves a node last has moved it."""
    changed, gone = set(theirs), {thing.name for thing in theirs if _is_being(thing)}
    used = {thing.name for thing in theirs if _is_of_node(thing) and thing.field != POSITION}
    return [
        thing
        for thing in mine
        if (thing in changed and thing.field != POSITION)
        or (_is_of_node(thing) and thing.name in gone)
        or (_is_being(thing) and thing.name in used)
    ]


def _is_being(thing: Thing) -> bool:
    return thing.kind == "node" and thing.field == BEING


def _is_of_node(thing: Thing) -> bool:
    return thing.kind in {"node", "property", "transitions"}
