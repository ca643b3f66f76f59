"""*Export and import*: dialogs to a file, and a file to dialogs once its report has been read."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogs.documents.exported import MOST_BYTES
from dialogs.errors import NoFile, StaleImport, UnknownImport
from dialogs.flows import exporting, importing
from dialogs.flows.import_plan import Mode, plan_import
from dialogs.models import DialogTask
from xoplatform.admin_site import app_page, page_context
from xoplatform.core.errors import PlatformError
from xoplatform.models import Role

if TYPE_CHECKING:
    from dialogs.models import PendingImport
    from xoplatform.models import App


@app_page("dialogs/transfer/", name="app_transfer")
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, app: App) -> HttpResponse:
    """Both ways on one page; a POST uploads a file and leads to its report."""
    if request.method == "POST":
        try:
            row = _received(request, app)
        except PlatformError as error:
            messages.error(request, error.message)
        else:
            return redirect("admin:app_import", app.slug, row.pk)
    tasks = DialogTask.objects.filter(app=app).only("pk", "title").order_by("title")
    context = page_context(request, app, "Export and import", tasks=tasks, megabytes=MOST_BYTES // 1024**2)
    return render(request, "dialogs/transfer/transfer.html", context)


def _received(request: HttpRequest, app: App) -> PendingImport:
    role = app.role_of(request.user)
    if role is None or not role.covers(Role.DEVELOPER):
        raise PermissionDenied("Importing needs the role Developer. Ask an owner of the App.")
    file = request.FILES.get("file")
    if file is None:
        raise NoFile
    # One byte more than may be is enough to see that it is too much.
    data = file.read(MOST_BYTES + 1)
    mode: Mode = "full" if request.POST.get("mode") == "full" else "incremental"
    return importing.receive(app, data, file_name=file.name or "", mode=mode, user=request.user)


@app_page("dialogs/export/", name="app_export")
@require_GET
def export(request: HttpRequest, app: App) -> HttpResponse:
    """The file itself, of the whole App or of the task that ``?task=`` names."""
    what: exporting.What = "published" if request.GET.get("what") == "published" else "draft"
    wanted = request.GET.get("task", "")
    if not wanted:
        return _file(app.slug, exporting.export_app(app, what))
    task = DialogTask.objects.filter(app=app, pk=int(wanted)).first() if wanted.isdecimal() else None
    if task is None:
        raise Http404("No such dialog task.")
    return _file(f"{app.slug}-{task.name}", exporting.export_task(task, what))


def _file(name: str, text: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return answer


@app_page("dialogs/import/<int:pk>/", name="app_import", role=Role.DEVELOPER)
@require_GET
def report(request: HttpRequest, app: App, pk: int) -> HttpResponse:
    """What the import will change; nothing has been changed yet."""
    try:
        row = importing.waiting(app, pk, request.user)
    except UnknownImport as error:
        messages.error(request, error.message)
        return redirect("admin:app_transfer", app.slug)
    plan = plan_import(app, row.content, "full" if row.mode == "full" else "incremental")
    context = page_context(request, app, "Import", row=row, plan=plan, counts=plan.counts)
    return render(request, "dialogs/transfer/report.html", context)


@app_page("dialogs/import/<int:pk>/apply/", name="app_import_apply", role=Role.DEVELOPER)
@require_POST
def apply(request: HttpRequest, app: App, pk: int) -> HttpResponse:
    """Applies what the report said, or shows a new report where it is no longer true."""
    try:
        plan = importing.apply_pending(importing.waiting(app, pk, request.user), request.POST.get("mark", ""))
    except StaleImport as error:
        messages.error(request, error.message)
        return redirect("admin:app_import", app.slug, pk)
    except PlatformError as error:
        messages.error(request, error.message)
        return redirect("admin:app_transfer", app.slug)
    counts = plan.counts
    messages.success(
        request,
        f"Imported: {counts['new']} new, {counts['replaced']} replaced, {counts['deleted']} deleted. "
        "Drafts were changed; what is live goes on running until you publish.",
    )
    return redirect("admin:app_dialogs", app.slug)


@app_page("dialogs/import/<int:pk>/discard/", name="app_import_discard", role=Role.DEVELOPER)
@require_POST
def discard(request: HttpRequest, app: App, pk: int) -> HttpResponse:
    """Forgets the uploaded file."""
    with suppress(UnknownImport):
        importing.waiting(app, pk, request.user).delete()
    return redirect("admin:app_transfer", app.slug)
