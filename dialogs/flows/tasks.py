"""Making, copying and deleting dialog tasks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize

from django.db import transaction
from django.db.models import F, Q

from dialogs.errors import BadTaskName
from dialogs.models import Conversation, DialogTask, DialogTest, Node, PublishState, Version

from .author import create_task, free_name, whole_document
from .uses import sub_dialogs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from xoplatform.models import App

NAME: Final = re.compile(r"[-\w]{1,100}", re.ASCII)
LONGEST_TITLE: Final = 200
#: Leaves room for the number that makes a name free.
LONGEST_NAME: Final = 90


def create_empty(app: App, title: str, name: str = "", description: str = "") -> DialogTask:
    """A new draft with nothing but the intent it begins with, which is named as the task.

    Without a name it gets a free one that follows from the title. Raises BadTaskName and TaskNameTaken.
    """
    return create_task(app, _empty(_checked(name or free_name(app, name_of(title))), title, description))


def name_of(title: str) -> str:
    """A title as a name: “Create an issue” is createAnIssue."""
    plain = normalize("NFKD", title).encode("ascii", "ignore").decode()
    first, *rest = re.findall(r"[A-Za-z0-9]+", plain) or ["dialog"]
    name = first.lower() + "".join(word[0].upper() + word[1:].lower() for word in rest)
    return (name if name[0].isalpha() else f"dialog{name}")[:LONGEST_NAME]


def create_from(app: App, document: Mapping[str, Any], name: str = "", title: str = "") -> DialogTask:
    """A new draft with a document's content, under another name and title if they are given.

    Raises BadTaskName, TaskNameTaken and UnreadableDocument.
    """
    head = {"name": _checked(name or document["name"])} | ({"title": title} if title else {})
    return create_task(app, {**document, **head})


def _empty(name: str, title: str, description: str) -> dict[str, Any]:
    root = {"name": name, "kind": "intent", "title": title, "properties": {"utterances": []}}
    head = {"format": 1, "name": name, "title": title[:LONGEST_TITLE], "description": description, "start": name}
    return {**head, "nodes": [root], "transitions": []}


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise BadTaskName(name=name)
    return name


@transaction.atomic
def duplicate(task: DialogTask) -> DialogTask:
    """Another draft with the same content, notes and places, in the same App; its versions stay with the first."""
    name = free_name(task.app, task.name)
    mark = f" ({name.removeprefix(task.name)})"
    title = task.title[: LONGEST_TITLE - len(mark)] + mark
    return create_task(task.app, {**whole_document(task), "name": name, "title": title})


def delete_task(task: DialogTask) -> None:
    """Deletes a task for good, with its versions. `what_stops` says beforehand what that means."""
    task.delete()


def of_state(rows: QuerySet[DialogTask], state: PublishState) -> QuerySet[DialogTask]:
    """Those of the tasks that stand so to what is published of them."""
    if state == PublishState.DRAFT:
        return rows.filter(published=None)
    same = Q(published_revision=F("revision"))
    return rows.exclude(published=None).filter(same if state == PublishState.PUBLISHED else ~same)


def used_in(task: DialogTask) -> QuerySet[DialogTask]:
    """The App's other tasks whose drafts run this one, by title."""
    callers = Node.objects.filter(task__app=task.app_id, kind="dialog", properties__task=task.name)
    return DialogTask.objects.filter(pk__in=callers.values("task")).exclude(pk=task.pk).order_by("title")


def what_stops(task: DialogTask) -> list[str]:
    """What will no longer work without a task, in sentences; empty where nobody will notice."""
    told = []
    if task.published_id is not None:
        told.append("Channels can no longer start it: it is published.")
    told += [f"“{title}” runs it and will end with an error there." for title in _callers(task)]
    if tests := DialogTest.objects.filter(task=task).count():
        told.append(f"{tests} test{'s' if tests > 1 else ''} of it will be deleted too.")
    if running := _running(task):
        are = "s are" if running > 1 else " is"
        told.append(f"{running} conversation{are} in the middle of it and will end there.")
    return told


def _callers(task: DialogTask) -> list[str]:
    """Titles of the tasks that run this one, as drafts or in what is published of them."""
    others = DialogTask.objects.filter(app=task.app_id, published__isnull=False).exclude(pk=task.pk)
    live = others.values_list("title", "published__document").iterator()
    found = {title for title, document in live if task.name in sub_dialogs(document)}
    return sorted(found | {row.title for row in used_in(task)})


def _running(task: DialogTask) -> int:
    """Conversations that are in one of its versions, or will come back to one."""
    keys = {str(key) for key in Version.objects.filter(task=task).values_list("pk", flat=True)}
    rows = Conversation.objects.filter(app=task.app_id)
    found = set(rows.filter(state__task__in=sorted(keys)).values_list("pk", flat=True)) if keys else set()
    waiting = rows.filter(Q(state__has_key="frames") | Q(state__has_key="held")).values_list("pk", "state")
    return len(found | {pk for pk, state in waiting.iterator() if not keys.isdisjoint(_waiting(state))})


def _waiting(state: Mapping[str, Any]) -> set[str]:
    """The versions that a conversation comes back to."""
    stacks = [state.get("frames", []), *state.get("held", [])]
    return {str(frame.get("task")) for stack in stacks for frame in stack}
