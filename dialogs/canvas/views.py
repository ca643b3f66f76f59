"""The canvas page of one dialog task, and what its front end asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from dialogs.errors import DialogHasProblems, FailedTests
from dialogs.flows.publish import publish
from dialogs.models import DialogTask
from dialogs.web import json_errors, read_json
from xoplatform.admin_site import app_page, page_context
from xoplatform.models import Role

from .data import canvas_data

if TYPE_CHECKING:
    from xoplatform.models import App


def task_of(app: App, task_id: int) -> DialogTask:
    """The App's dialog task with its published version; Http404 for another App's."""
    rows = DialogTask.objects.select_related("published").defer("template_document", "published__document")
    task = rows.filter(app=app, pk=task_id).first()
    if task is None:
        raise Http404("No such dialog task.")
    return task


@app_page("dialogs/<int:task_id>/canvas/", name="app_canvas")
@require_GET
@ensure_csrf_cookie
def canvas(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    task = task_of(app, task_id)
    context = page_context(
        request, app, task.title, task=task, data_url=reverse("admin:app_canvas_data", args=[app.slug, task.pk])
    )
    return render(request, "dialogs/canvas/canvas.html", context)


@app_page("dialogs/<int:task_id>/canvas/data/", name="app_canvas_data")
@require_GET
def data(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    role: Role = request.app_role  # type: ignore[attr-defined]  # set by open_app
    return JsonResponse(canvas_data(app, task_of(app, task_id), role, request.user))


@app_page("dialogs/<int:task_id>/canvas/publish/", name="app_canvas_publish", role=Role.DEVELOPER)
@require_POST
@json_errors
def publish_draft(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    """{"note", "despite_tests"} in, {"version"} out; what stands in the way comes as "problems" or as "tests"."""
    body = read_json(request)
    note, anyway = str(body.get("note") or ""), body.get("despite_tests") is True
    try:
        version = publish(task_of(app, task_id), request.user, note, despite_tests=anyway)
    except DialogHasProblems as error:
        return JsonResponse({"error": error.message, "problems": error.problems}, status=error.status)
    except FailedTests as error:
        tests = [one | {"url": reverse("admin:app_test", args=[app.slug, one["id"]])} for one in error.failures]
        return JsonResponse({"error": error.message, "tests": tests}, status=error.status)
    return JsonResponse({"version": version.number})
