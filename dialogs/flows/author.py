"""Editing a dialog task: its rows as a document and back. Every edit raises the revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from dialogs.documents import UnreadableDocument
from dialogs.errors import TaskNameTaken
from dialogs.models import DialogTask, Node, Special, Transition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xoplatform.models import App

Document = dict[str, Any]

FORMAT = 1


def draft_document(task: DialogTask) -> Document:
    """The task's rows as a graph document, in two queries. Equal rows give equal documents."""
    return document_of(task, list(task.nodes.all()), list(task.transitions.all()))


def document_of(task: DialogTask, nodes: Sequence[Node], transitions: Sequence[Transition]) -> Document:
    """The same for rows that were read already, each in its order."""
    names = {node.pk: node.name for node in nodes}
    return {
        "format": FORMAT,
        "name": task.name,
        "title": task.title,
        "description": task.description,
        "start": task.start,
        "nodes": [_node_out(node, names) for node in nodes],
        "transitions": [_transition_out(row, names) for row in transitions],
    }


def _node_out(node: Node, names: Mapping[int, str]) -> Document:
    return {
        "name": node.name,
        "kind": node.kind,
        "title": node.title,
        "parent": names.get(node.parent_id) if node.parent_id else None,
        "properties": node.properties,
    }


def _transition_out(row: Transition, names: Mapping[int, str]) -> Document:
    return {
        "source": names[row.source_id],
        "target": names[row.target_id] if row.target_id else row.special or None,
        "condition": row.condition,
        "label": row.label,
    }


@transaction.atomic
def create_task(app: App, document: Mapping[str, Any], **fields: Any) -> DialogTask:
    """A new draft from a graph document; ``fields`` are further columns of the task.

    Raises TaskNameTaken when the App has a task of that name.
    """
    name = document["name"]
    if DialogTask.objects.filter(app=app, name=name).exists():
        raise TaskNameTaken(app=app.name, name=name)
    task = DialogTask.objects.create(app=app, **_head(document), **fields)
    _write_rows(task, document)
    return task


@transaction.atomic
def replace_draft(task: DialogTask, document: Mapping[str, Any], **fields: Any) -> None:
    """Puts a document's content in place of the draft; the task keeps its name and its versions."""
    task.nodes.all().delete()
    _write_rows(task, document)
    head = {key: value for key, value in _head(document).items() if key != "name"}
    DialogTask.objects.filter(pk=task.pk).update(**head, **fields)
    touch(task)


def touch(task: DialogTask) -> None:
    """Notes that the draft was edited. Call it in the transaction of the edit."""
    DialogTask.objects.filter(pk=task.pk).update(revision=F("revision") + 1, snapshot=None)
    task.refresh_from_db()


def free_name(app: App, wanted: str) -> str:
    """``wanted``, or the first of wanted2, wanted3 … that no task of the App has."""
    taken = set(DialogTask.objects.filter(app=app, name__startswith=wanted).values_list("name", flat=True))
    return next(name for name in _candidates(wanted) if name not in taken)


def _candidates(wanted: str) -> Iterable[str]:
    yield wanted
    number = 2
    while True:
        yield f"{wanted}{number}"
        number += 1


def _head(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": document["name"],
        "title": document.get("title") or document["name"],
        "description": document.get("description") or "",
        "start": document.get("start") or "",
    }


def _write_rows(task: DialogTask, document: Mapping[str, Any]) -> None:
    entries = list(enumerate(document.get("nodes", [])))
    nodes: dict[str, Node] = {}
    # Containers first: a row can only point at a parent that has its key.
    for inner in (False, True):
        rows = [_node_in(task, order, entry, nodes) for order, entry in entries if bool(entry.get("parent")) is inner]
        nodes.update({row.name: row for row in Node.objects.bulk_create(rows)})
    Transition.objects.bulk_create(
        _transition_in(task, order, entry, nodes) for order, entry in enumerate(document.get("transitions", []))
    )


def _node_in(task: DialogTask, order: int, entry: Mapping[str, Any], nodes: Mapping[str, Node]) -> Node:
    return Node(
        task=task,
        name=entry["name"],
        kind=entry["kind"],
        title=entry.get("title") or "",
        parent=_row(nodes, entry["parent"]) if entry.get("parent") else None,
        properties=entry.get("properties") or {},
        position=entry.get("position"),
        order=order,
    )


def _transition_in(task: DialogTask, order: int, entry: Mapping[str, Any], nodes: Mapping[str, Node]) -> Transition:
    target = entry.get("target")
    special = target if target in Special.values else ""
    return Transition(
        task=task,
        source=_row(nodes, entry["source"]),
        target=_row(nodes, target) if target and not special else None,
        special=special or "",
        order=order,
        condition=entry.get("condition"),
        label=entry.get("label") or "",
    )


def _row(nodes: Mapping[str, Node], name: str) -> Node:
    if name not in nodes:
        raise UnreadableDocument(reason=f"it points at a node {name!r} that it does not have.")
    return nodes[name]
