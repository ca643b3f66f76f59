"""Creating, duplicating and deleting dialog tasks, and going back to what is published; the last two ask first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from dialogs.documents import UnreadableDocument, load
from dialogs.documents.loading import MOST_BYTES
from dialogs.errors import BadTaskName, NothingPublished, TaskNameTaken
from dialogs.flows import tasks as flow
from dialogs.flows.discard import discard_changes, what_is_lost
from dialogs.models import DialogTask
from xoplatform.admin_site import app_page, page_context
from xoplatform.core.errors import PlatformError
from xoplatform.models import Role

if TYPE_CHECKING:
    from xoplatform.models import App


class NewTask(forms.Form):
    """What a new dialog task begins with."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False, help_text=_("As people will read it."))
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        required=False,
        help_text=_("For scripts and files: letters, digits, “_” and “-”. Left empty, it follows from the title."),
    )
    description = forms.CharField(
        label=_("Description"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    document = forms.FileField(
        label=_("From a file"),
        required=False,
        help_text=_("YAML or JSON of one dialog task, format 1. Title and name above replace the file's."),
    )

    def clean(self) -> dict[str, Any]:
        values = dict(super().clean() or {})
        if not values.get("document") and not values.get("title"):
            self.add_error("title", _("A dialog task needs a title, or a file that has one."))
        return values

    def save(self, app: App) -> DialogTask:
        """Raises BadTaskName, TaskNameTaken and UnreadableDocument."""
        values = self.cleaned_data
        if file := values["document"]:
            # One byte more than may be is enough to see that it is too much.
            document = load(file.read(MOST_BYTES + 1)) | (
                {"description": values["description"]} if values["description"] else {}
            )
            return flow.create_from(app, document, values["name"], values["title"])
        return flow.create_empty(app, values["title"], values["name"], values["description"])


def _task(app: App, task_id: int) -> DialogTask:
    rows = DialogTask.objects.select_related("published").defer("template_document", "published__document")
    task = rows.filter(app=app, pk=task_id).first()
    if task is None:
        raise Http404("No such dialog task.")
    return task


@app_page("dialogs/new/", name="app_dialog_new", role=Role.DEVELOPER)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, app: App) -> HttpResponse:
    form = NewTask(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            task = form.save(app)
        except (BadTaskName, TaskNameTaken) as error:
            form.add_error("name", error.message)
        except UnreadableDocument as error:
            form.add_error("document", error.message)
        else:
            messages.success(request, f"{task.title} is created. It is a draft until you publish it.")
            return redirect("admin:app_canvas", app.slug, task.pk)
    context = page_context(request, app, "Create a dialog task", form=form)
    return render(request, "dialogs/tasks/new.html", context, status=400 if form.errors else 200)


@app_page("dialogs/<int:task_id>/duplicate/", name="app_dialog_duplicate", role=Role.DEVELOPER)
@require_POST
def duplicate(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    try:
        copy = flow.duplicate(_task(app, task_id))
    except PlatformError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{copy.title} is a copy of the draft. Nothing of it is published.")
    return redirect("admin:app_dialogs", app.slug)


@app_page("dialogs/<int:task_id>/delete/", name="app_dialog_delete", role=Role.DEVELOPER)
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    """Asks, with what will stop working; then deletes for good."""
    task = _task(app, task_id)
    if request.method == "POST":
        flow.delete_task(task)
        messages.success(request, f"{task.title} is deleted from {app}, with its versions.")
        return redirect("admin:app_dialogs", app.slug)
    context = page_context(request, app, f"Delete {task.title}", task=task, losses=flow.what_stops(task))
    return render(request, "dialogs/tasks/delete.html", context)


@app_page("dialogs/<int:task_id>/discard/", name="app_dialog_discard", role=Role.DEVELOPER)
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    """Asks, with every change that will be lost; then makes the published version the draft again."""
    task = _task(app, task_id)
    try:
        if request.method == "POST":
            return _discard(request, app, task)
        lost = what_is_lost(task)
    except NothingPublished as error:
        messages.error(request, error.message)
        return redirect("admin:app_dialogs", app.slug)
    context = page_context(request, app, f"Discard changes of {task.title}", task=task, comparison=lost)
    return render(request, "dialogs/tasks/discard.html", context)


def _discard(request: HttpRequest, app: App, task: DialogTask) -> HttpResponse:
    seen = request.POST.get("revision", "")
    if seen != str(task.revision):
        messages.error(
            request, f"{task.title} was edited meanwhile, so nothing was discarded. Look at the changes again."
        )
        return redirect("admin:app_dialog_discard", app.slug, task.pk)
    try:
        discard_changes(task, request.user, base=task.revision)
    except NothingPublished:
        raise
    except PlatformError as error:
        messages.error(request, error.message)
        return redirect("admin:app_dialog_discard", app.slug, task.pk)
    messages.success(request, f"The draft of {task.title} is as published again.")
    return redirect("admin:app_canvas", app.slug, task.pk)
