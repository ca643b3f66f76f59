"""Which of an App's dialog tasks a document may start. `tasks.used_in` asks the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.models import DialogTask, Node

if TYPE_CHECKING:
    from collections.abc import Mapping

KIND = "dialog"


def sub_dialogs(document: Mapping[str, Any]) -> set[str]:
    """The names of the tasks that a document's dialog nodes start."""
    nodes = document.get("nodes")
    entries = [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []
    properties = (node.get("properties") for node in entries if node.get("kind") == KIND)
    return {str(own["task"]) for own in properties if isinstance(own, dict) and own.get("task")}


def readiness(app_id: int, name: str) -> dict[str, bool]:
    """The names of an App's dialog tasks, and whether the task of that ``name`` may start each. Two queries.

    It may where the other one was published, and where it was not because the two start each other: one of them has to
    be first.
    """
    mutual = Node.objects.filter(task__app=app_id, kind=KIND, properties__task=name).values("task")
    rows = DialogTask.objects.filter(app=app_id).values_list("name", "published_id", "pk")
    mine = set(rows.filter(pk__in=mutual).values_list("pk", flat=True)) if name else set()
    return {task: published is not None or task == name or pk in mine for task, published, pk in rows}
