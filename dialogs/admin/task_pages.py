"""An App's dialog tasks: the list, one in short, and what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dialogs.flows.author import draft_document
from dialogs.models import DialogTask, Version
from integrations import api
from xoplatform.admin_site import app_page, page_context

from .display import STATE_TONES
from .outline import outline_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from xoplatform.models import App

#: Versions shown on one page; the admin's list has them all.
LATEST = 100


def _tasks(app: App) -> QuerySet[DialogTask]:
    rows = DialogTask.objects.filter(app=app).select_related("published").order_by("title")
    return rows.defer("template_document", "published__document")


@app_page("dialogs/", name="app_dialogs")
@require_GET
def tasks(request: HttpRequest, app: App) -> HttpResponse:
    rows = [{"task": task, "tone": STATE_TONES[task.state]} for task in _tasks(app)]
    configured = [action.provider for action in api.actions_of(app) if action.configured]
    context = page_context(request, app, "Dialog tasks", rows=rows, providers=configured)
    return render(request, "dialogs/tasks/tasks.html", context)


@app_page("dialogs/<int:task_id>/", name="app_dialog")
@require_GET
def task(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    """What a dialog asks, calls and says, before the canvas opens."""
    row = _tasks(app).filter(pk=task_id).first()
    if row is None:
        raise Http404("No such dialog task.")
    context = page_context(
        request, app, row.title, task=row, tone=STATE_TONES[row.state], outline=outline_of(draft_document(row))
    )
    return render(request, "dialogs/tasks/task.html", context)


@app_page("dialogs/versions/", name="app_versions")
@require_GET
def versions(request: HttpRequest, app: App) -> HttpResponse:
    rows = Version.objects.filter(task__app=app, number__isnull=False).select_related("task", "created_by")
    rows = rows.defer("document", "task__template_document").order_by("-pk")[:LATEST]
    return render(request, "dialogs/tasks/versions.html", page_context(request, app, "Versions", versions=rows))
