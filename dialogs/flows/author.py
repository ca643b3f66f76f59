"""A dialog task's rows as a document, and a document as rows. Every change of a draft raises its revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from dialogs.documents import UnreadableDocument
from dialogs.documents.editing import Draft
from dialogs.errors import TaskNameTaken
from dialogs.models import DialogTask, Special

from . import drafts
from .edit import Saved, Sent, edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dialogs.models import Node, Transition
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
        # Left out where empty, so that documents of before settings still equal themselves.
        **({"settings": task.settings} if task.settings else {}),
        "nodes": [_node_out(node, names) for node in nodes],
        # Of nodes that were added between the two queries nothing can be said; the revision tells that there are any.
        "transitions": [_transition_out(row, names) for row in transitions if row.source_id in names],
    }


def whole_document(task: DialogTask) -> Document:
    """The same with what is never published: where nodes stand on the canvas, and its notes."""
    nodes = list(task.nodes.all())
    document = document_of(task, nodes, list(task.transitions.all()))
    for node, entry in zip(nodes, document["nodes"], strict=True):
        if node.position is not None:
            entry["position"] = node.position
    return document | ({"notes": task.notes} if task.notes else {})


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
        "target": names.get(row.target_id) if row.target_id else row.special or None,
        "condition": row.condition,
        "label": row.label,
    }


@transaction.atomic
def create_task(app: App, document: Mapping[str, Any], **fields: Any) -> DialogTask:
    """A new draft from a graph document; ``fields`` are further columns of the task.

    Raises TaskNameTaken when the App has a task of that name, and UnreadableDocument.
    """
    name = document["name"]
    if DialogTask.objects.filter(app=app, name=name).exists():
        raise TaskNameTaken(app=app.name, name=name)
    draft = _read(document)
    task = DialogTask.objects.create(app=app, name=name, **(drafts.head_of(draft) | fields))
    drafts.write(task, drafts.nothing(), drafts.fresh(draft))
    return task


def replace_draft(
    task: DialogTask, document: Mapping[str, Any], user: Any = None, *, base: int | None = None, **fields: Any
) -> Saved:
    """Puts a document's content in place of the draft, as one edit that others are told of.

    The task keeps its name, its versions, its notes, and the places of nodes that the document does not place.
    ``base`` is the revision that the document was made from, ``fields`` are further columns of the task. Raises
    UnreadableDocument, and what `edit` raises.
    """
    saved = edit(task, Sent(wanted=_read(document), base=base), user, **fields)
    task.refresh_from_db()
    return saved


def touch(task: DialogTask) -> None:
    """Notes that the draft was edited by other ways than `edit`: whoever has it open must load it anew.

    Call it in the transaction of the edit.
    """
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


def _read(document: Mapping[str, Any]) -> Draft:
    """Raises UnreadableDocument where rows could not be made of it."""
    draft = Draft.of(document)
    draft.head["title"] = draft.head["title"] or draft.head["name"]
    names = [entry["name"] for entry in document.get("nodes", [])]
    if (
        twice := next((name for name in names if names.count(name) > 1), None)
        if len(names) > len(draft.nodes)
        else None
    ):
        raise UnreadableDocument(reason=f"two of its nodes are named {twice!r}.")
    targets = {way["target"] for ways in draft.ways.values() for way in ways} - set(Special.values)
    parents = {entry["parent"] for entry in draft.nodes.values()}
    for name in (*draft.ways, *targets, *parents):
        if name is not None and name not in draft.nodes:
            raise UnreadableDocument(reason=f"it points at a node {name!r} that it does not have.")
    for name in draft.nodes:
        _check_nesting(draft, name)
    return draft


def _check_nesting(draft: Draft, name: str) -> None:
    seen, parent = {name}, draft.nodes[name]["parent"]
    while parent is not None:
        if parent in seen:
            raise UnreadableDocument(reason=f"its node {name!r} is inside itself.")
        seen.add(parent)
        parent = draft.nodes[parent]["parent"]
