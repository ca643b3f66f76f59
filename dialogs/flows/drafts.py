"""The rows of a draft as something to edit, and back: only what an edit changed is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dialogs.documents.editing import Draft
from dialogs.models import Node, Special, Transition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dialogs.models import DialogTask

Entry = dict[str, Any]

COLUMNS = ("name", "kind", "title", "properties", "position")
ARROW = ("source_id", "target_id", "special", "order", "condition", "label")
#: Rows in one statement: enough for a layout of a large dialog in a few.
AT_ONCE = 200


@dataclass(frozen=True)
class Rows:
    """A draft with the keys of its nodes' rows, and the places of its nodes and of each source's transitions."""

    draft: Draft
    keys: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    first_ways: dict[str, int] = field(default_factory=dict)
    next_way: int = 0


def nothing() -> Rows:
    """What a new task has."""
    return Rows(Draft.of({}))


def read_steady(task: DialogTask) -> Rows:
    """A draft as it was at one revision, which ``task`` has then; three queries, more while others are saving."""
    while True:
        rows = read(task)
        revision = type(task).objects.values_list("revision", flat=True).get(pk=task.pk)
        if revision == task.revision:
            return rows
        task.refresh_from_db()


def read(task: DialogTask) -> Rows:
    """A task's draft, in two queries: what is saved between them makes it uneven, which the task's revision tells."""
    # Values instead of models: a large dialog is read with every edit.
    nodes = list(task.nodes.values("pk", "parent_id", "order", *COLUMNS))
    names = {node["pk"]: node["name"] for node in nodes}
    transitions = [row for row in task.transitions.values(*ARROW) if row["source_id"] in names]
    document = {
        "name": task.name,
        "title": task.title,
        "description": task.description,
        "start": task.start,
        "settings": task.settings,
        "notes": task.notes,
        "nodes": [_node(node, names) for node in nodes],
        "transitions": [_transition(row, names) for row in transitions],
    }
    first_ways: dict[str, int] = {}
    for row in transitions:
        first_ways.setdefault(names[row["source_id"]], row["order"])
    return Rows(
        Draft.of(document),
        {node["name"]: node["pk"] for node in nodes},
        {node["name"]: node["order"] for node in nodes},
        first_ways,
        1 + max((row["order"] for row in transitions), default=-1),
    )


def _node(row: Entry, names: Mapping[int, str]) -> Entry:
    parent = names.get(row["parent_id"]) if row["parent_id"] else None
    return {"parent": parent, **{column: row[column] for column in COLUMNS}}


def _transition(row: Entry, names: Mapping[int, str]) -> Entry:
    target = names.get(row["target_id"]) if row["target_id"] else row["special"] or None
    return {"source": names[row["source_id"]], "target": target, "condition": row["condition"], "label": row["label"]}


def head_of(draft: Draft) -> Entry:
    """The columns of a task that a draft holds, without its name."""
    columns = {key: value for key, value in draft.head.items() if key != "name"}
    return {**columns, "notes": list(draft.notes.values())}


def fresh(draft: Draft) -> Draft:
    """The same with nodes that are new, to be written where nothing is."""
    copy = draft.copy()
    copy.origin.clear()
    return copy


def placed_like(wanted: Draft, present: Draft) -> Draft:
    """``wanted`` with the places that nodes have at present where it says none, and the present notes."""
    copy = wanted.copy()
    for name, node in wanted.nodes.items():
        if node["position"] is None and name in present.nodes:
            copy.nodes[name] = node | {"position": present.nodes[name]["position"]}
    copy.notes = wanted.notes or present.notes
    return copy


def write(task: DialogTask, rows: Rows, after: Draft) -> None:
    """Stores the nodes and transitions of ``after``, which was made from a copy of the draft of ``rows``.

    Call it in a transaction that holds the task's row. Transitions of a source are written anew where one changed.
    """
    before = rows.draft
    keys = {name: rows.keys[old] for name, old in after.origin.items()}
    sources_first = {**after.ways, **after.nodes}
    stale = [name for name in sources_first if _ways(after, name) != _ways(before, after.origin.get(name))]
    if sources := [keys[name] for name in stale if name in keys]:
        Transition.objects.filter(source_id__in=sources).delete()
    if gone := set(rows.keys.values()) - set(keys.values()):
        # A row takes along what is inside it, unless it was moved out.
        Node.objects.filter(parent__in=gone, pk__in=keys.values()).update(parent=None)
        Node.objects.filter(pk__in=gone).delete()
    _free_names(before, after, keys)
    places = _places(rows, after)
    keys |= _create(task, after, keys, places)
    _update(rows, after, keys, places)
    Transition.objects.bulk_create(list(_arrows(task, rows, after, keys, stale)), batch_size=AT_ONCE)


def _ways(draft: Draft, name: str | None) -> list[Entry]:
    return draft.ways.get(name, []) if name else []


def _free_names(before: Draft, after: Draft, keys: Mapping[str, int]) -> None:
    """Renamed nodes whose new name another row still has, such as two that change names, get one in between."""
    for name, old in after.origin.items():
        if name != old and name in before.nodes:
            Node.objects.filter(pk=keys[name]).update(name=f"~{keys[name]}")


def _places(rows: Rows, after: Draft) -> dict[str, int]:
    """Where each node stands among the others: as before, unless that is not the order of ``after``."""
    last, places = -1, {}
    for name in after.nodes:
        place = rows.places.get(after.origin.get(name, ""), last + 1)
        if place < last:
            return {name: number for number, name in enumerate(after.nodes)}
        places[name] = last = place
    return places


def _create(task: DialogTask, after: Draft, keys: Mapping[str, int], places: Mapping[str, int]) -> dict[str, int]:
    """Containers first: a row can only point at a parent that has its key."""
    new = [name for name in after.nodes if name not in keys]
    made: dict[str, int] = {}
    while waiting := [name for name in new if name not in made]:
        ready = [name for name in waiting if after.nodes[name]["parent"] not in waiting]
        rows = [_row(task, after.nodes[name], {**keys, **made}, places[name]) for name in ready]
        made |= {row.name: row.pk for row in Node.objects.bulk_create(rows, batch_size=AT_ONCE)}
    return made


def _row(task: DialogTask | None, node: Entry, keys: Mapping[str, int], order: int) -> Node:
    parent = keys[node["parent"]] if node["parent"] else None
    return Node(task=task, parent_id=parent, order=order, **{column: node[column] for column in COLUMNS})


def _update(rows: Rows, after: Draft, keys: Mapping[str, int], places: Mapping[str, int]) -> None:
    changed: list[Node] = []
    columns: set[str] = set()
    for name, old in after.origin.items():
        node, was = after.nodes[name], rows.draft.nodes[old]
        # A parent that only got another name is the same row.
        differing = {column for column in (*COLUMNS, "parent") if node is not was and node[column] != was[column]}
        if places[name] != rows.places[old]:
            differing.add("order")
        if differing:
            row = _row(None, node, keys, places[name])
            row.pk = keys[name]
            changed.append(row)
            columns |= differing
    if changed:
        Node.objects.bulk_update(changed, sorted(columns), batch_size=AT_ONCE)


def _arrows(
    task: DialogTask, rows: Rows, after: Draft, keys: Mapping[str, int], sources: Iterable[str]
) -> Iterator[Transition]:
    end = rows.next_way
    for source in sources:
        ways = _ways(after, source)
        first = rows.first_ways.get(after.origin.get(source, ""), end)
        end = max(end, first + len(ways))
        for order, way in enumerate(ways, first):
            target = way["target"]
            special = target if target in Special.values else ""
            yield Transition(
                task=task,
                source_id=keys[source],
                target_id=keys[target] if target and not special else None,
                special=special or "",
                order=order,
                condition=way["condition"],
                label=way["label"],
            )
