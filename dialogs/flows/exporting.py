"""An App's dialogs, or one dialog task, as one readable file: everything an author made, and no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from dialogs.documents import write_export
from dialogs.models import DialogTask, DialogTest
from integrations import api

from .author import whole_document
from .conversation_settings import settings_of

if TYPE_CHECKING:
    from xoplatform.models import App

#: The drafts as they are now, or what is live; a task that was never published is then left out.
What = Literal["draft", "published"]


def export_app(app: App, what: What = "draft") -> str:
    """The text of the file for all of an App's tasks, with their tests, its settings of conversations and the names of
    its profiles."""
    head = {"name": app.name, "description": app.description, "locale": app.locale, "time_zone": app.time_zone}
    content = {
        "content": "app",
        "app": head,
        "authorization_profiles": api.profile_outlines(app),
        "settings": settings_of(app.pk),
        "tasks": _documents(DialogTask.objects.filter(app=app), what),
        "tests": _tests(DialogTest.objects.filter(app=app)),
    }
    return write_export({key: value for key, value in content.items() if value or key == "tasks"})


def export_task(task: DialogTask, what: What = "draft") -> str:
    """The text of the file for one task, with its tests and the names of the profiles it uses."""
    documents = _documents(DialogTask.objects.filter(pk=task.pk), what)
    used = {node.get("properties", {}).get("profile") for one in documents for node in one["nodes"]}
    content = {
        "content": "task",
        "authorization_profiles": [one for one in api.profile_outlines(task.app) if one["name"] in used],
        "tasks": documents,
        "tests": _tests(DialogTest.objects.filter(task=task)),
    }
    return write_export({key: value for key, value in content.items() if value or key == "tasks"})


def _documents(rows: Any, what: What) -> list[dict[str, Any]]:
    rows = rows.select_related("published").order_by("name")
    if what == "published":
        return [_of(task, task.published.document) for task in rows if task.published is not None]
    # Four queries however many tasks there are.
    tasks = rows.defer("published__document", "template_document").prefetch_related("nodes", "transitions")
    return [_of(task, whole_document(task)) for task in tasks]


def _of(task: DialogTask, document: dict[str, Any]) -> dict[str, Any]:
    """The document, each part without what is empty, with the template that it came from."""
    head = {key: document[key] for key in ("format", "name", "title", "description", "start")}
    origin = {"provider": task.provider, "id": task.template_id, "version": task.template_version}
    rest = {key: value for key, value in document.items() if key not in head and value}
    rest |= {key: [_bare(entry) for entry in document[key]] for key in ("nodes", "transitions")}
    return head | ({"template": origin} if task.template_id else {}) | rest


def _bare(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value not in (None, "", {})}


def _tests(rows: Any) -> list[dict[str, Any]]:
    return [
        {"name": row.name, "task": row.task.name if row.task else None, "setting": row.setting, "turns": row.turns}
        for row in rows.select_related("task").only("name", "task__name", "setting", "turns").order_by("name")
    ]
