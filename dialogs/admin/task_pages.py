"""An App's dialog tasks: the list, and one in short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dialogs.flows.author import draft_document
from dialogs.flows.outline import outline_of
from dialogs.models import DialogTask, Node
from integrations import api
from xoplatform.admin_site import app_page, page_context

from .display import STATE_TONES

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from xoplatform.models import App


def _tasks(app: App) -> QuerySet[DialogTask]:
    rows = DialogTask.objects.filter(app=app).select_related("published").order_by("title")
    return rows.defer("template_document", "published__document")


def _found(rows: QuerySet[DialogTask], query: str) -> QuerySet[DialogTask]:
    """Those that have each word in their title, name, description, or in a node's name or title."""
    for word in query.split():
        by_node = Node.objects.filter(Q(name__icontains=word) | Q(title__icontains=word), task=OuterRef("pk"))
        rows = rows.filter(
            Q(title__icontains=word) | Q(name__icontains=word) | Q(description__icontains=word) | Exists(by_node)
        )
    return rows


@app_page("dialogs/", name="app_dialogs")
@require_GET
def tasks(request: HttpRequest, app: App) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    rows = [{"task": task, "tone": STATE_TONES[task.state]} for task in _found(_tasks(app), query)]
    configured = [action.provider for action in api.actions_of(app) if action.configured]
    context = page_context(request, app, "Dialog tasks", rows=rows, providers=configured, query=query)
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
