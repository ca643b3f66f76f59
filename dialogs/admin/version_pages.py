"""What was published: the list, two versions beside each other, and the way back to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from dialogs.documents.comparison import compare
from dialogs.engine.context import clean_text
from dialogs.errors import UnknownVersion
from dialogs.flows import versions as flow
from dialogs.models import DialogTask, Version
from xoplatform.admin_site import app_page, page_context
from xoplatform.core.errors import PlatformError
from xoplatform.models import Role

from .drawing import drawing_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from xoplatform.models import App

#: Versions shown on one page; the admin's list has them all.
LATEST = 100


def task_of(app: App, task_id: int) -> DialogTask:
    """The App's dialog task with its published version. Raises Http404 for another App's."""
    rows = DialogTask.objects.filter(app=app, pk=task_id).select_related("published").defer("template_document")
    task = rows.first()
    if task is None:
        raise Http404("No such dialog task.")
    return task


def numbered(app: App) -> QuerySet[Version]:
    """The App's published versions without their documents, newest first."""
    rows = Version.objects.filter(task__app=app, number__isnull=False).select_related("task", "created_by")
    return rows.defer("document", "task__template_document").order_by("-pk")


@app_page("dialogs/versions/", name="app_versions")
@require_GET
def versions(request: HttpRequest, app: App) -> HttpResponse:
    """Of all dialog tasks, or of the one that ``?task=`` names."""
    rows, task = numbered(app), None
    if (wanted := request.GET.get("task", "")).isdecimal():
        task = task_of(app, int(wanted))
        rows = rows.filter(task=task)
    context = page_context(request, app, "Versions", versions=rows[:LATEST], task=task, most=LATEST)
    return render(request, "dialogs/versions/versions.html", context)


@app_page("dialogs/<int:task_id>/compare/", name="app_compare")
@require_GET
def compared(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    """Two versions, or a version and the draft: what changed in words and on a drawing."""
    task = task_of(app, task_id)
    numbers = list(numbered(app).filter(task=task).values_list("number", flat=True))
    context: dict[str, Any] = {"task": task, "numbers": numbers}
    if numbers:
        try:
            before = flow.side(task, request.GET.get("from") or f"v{numbers[0]}")
            after = flow.side(task, request.GET.get("to") or flow.DRAFT)
        except UnknownVersion as error:
            raise Http404(error.message) from None
        found = compare(before.document, after.document)
        context |= {"before": before, "after": after, "comparison": found, "counts": found.counts}
        context["drawing"] = drawing_of(before.document, after.document, found)
    title = f"Changes of {task.title}"
    return render(request, "dialogs/versions/compare.html", page_context(request, app, title, **context))


@app_page("dialogs/<int:task_id>/roll-back/<int:number>/", name="app_roll_back", role=Role.DEVELOPER)
@require_http_methods(["GET", "POST"])
def roll_back(request: HttpRequest, app: App, task_id: int, number: int) -> HttpResponse:
    """Asks, with what would come and what would be lost; then goes back."""
    task = task_of(app, task_id)
    if request.method == "POST":
        try:
            return _roll_back(request, app, task, number)
        except PlatformError as error:
            messages.error(request, error.message)
            return redirect("admin:app_roll_back", app.slug, task.pk, number)
    try:
        look = flow.look_back(task, number)
    except UnknownVersion as error:
        raise Http404(error.message) from None
    context = page_context(request, app, f"Roll back {task.title}", task=task, look=look, number=number)
    return render(request, "dialogs/versions/roll_back.html", context)


def _roll_back(request: HttpRequest, app: App, task: DialogTask, number: int) -> HttpResponse:
    live = request.POST.get("reach") != "draft"
    given = request.POST.get("revision", "")
    version = flow.roll_back(
        task,
        number,
        revision=int(given) if given.isdecimal() else -1,
        live=live,
        user=request.user,
        note=clean_text(request.POST.get("note", "")).strip()[:1000],
    )
    told = f"v{version.number} is live; it holds what v{number} held." if live else f"The draft holds v{number} again."
    messages.success(request, f"{task.title}: {told}")
    return redirect(f"{reverse('admin:app_versions', args=[app.slug])}?task={task.pk}")
