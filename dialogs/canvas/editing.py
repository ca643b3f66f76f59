"""Saving edits, telling others' edits and who is here: the endpoints of PROTOCOL.md that a canvas lives by."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from dialogs.documents.editing import BadEdit, read_ops, uses_of
from dialogs.errors import EditConflict, RequestTooBig
from dialogs.flows import drafts, edit_log, presence
from dialogs.flows.author import draft_document
from dialogs.flows.discard import discard_changes
from dialogs.flows.edit import Sent, edit
from dialogs.flows.validate import problems_of
from dialogs.models import DialogTask
from dialogs.web import json_errors, read_json
from xoplatform.admin_site import app_page
from xoplatform.models import Role

from .variables import variables
from .views import task_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dialogs.flows.edit import Saved
    from xoplatform.models import App

LONGEST_NUMBER = 9
LONGEST_NAME = 100


def edit_errors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Answers refused edits with what an editor needs to go on: which operation, or both versions."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except EditConflict as error:
            told = {"revision": error.revision, "others": error.others, "conflicts": error.conflicts}
            return JsonResponse({"error": error.message, "code": error.code, **told}, status=error.status)
        except BadEdit as error:
            return JsonResponse({"error": error.message, "code": error.code, "at": error.at}, status=error.status)
        except DialogTask.DoesNotExist:
            raise Http404("No such dialog task.") from None  # deleted at this moment

    return json_errors(answer)


@app_page("dialogs/<int:task_id>/canvas/edits/", name="app_canvas_edits", role=Role.DEVELOPER)
@require_POST
@edit_errors
def edits(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    body = _body(request)
    sent = Sent(ops=read_ops(body.get("ops")), **_heading(body))
    return JsonResponse(_saved(edit(task_of(app, task_id), sent, request.user), sent))


@app_page("dialogs/<int:task_id>/canvas/discard/", name="app_canvas_discard", role=Role.DEVELOPER)
@require_POST
@edit_errors
def discard(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    heading = _heading(_body(request))
    saved = discard_changes(task_of(app, task_id), request.user, **heading)
    return JsonResponse(_saved(saved, Sent(**heading)) | {"ops": saved.ops})


def _saved(saved: Saved, sent: Sent) -> dict[str, Any]:
    return {
        "revision": saved.task.revision,
        "base": sent.base,
        "state": saved.task.state.value,
        "problems": problems_of(saved.draft.document(), saved.task.app_id),
        "others": saved.others,
        "applied": saved.applied,
        "uses": uses_of(saved.draft),
    }


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        return read_json(request)
    except RequestTooBig:
        raise BadEdit("it is larger than this server reads at once; save it in several edits.") from None


def _heading(body: Mapping[str, Any]) -> dict[str, Any]:
    base = body.get("base")
    if not isinstance(base, int) or isinstance(base, bool) or not 0 <= base < 10**LONGEST_NUMBER:
        raise BadEdit("“base” must be the revision that it was made on.")
    return {"base": base, "client": _id(body, "client"), "edit_id": _id(body, "edit_id")}


def _id(values: Mapping[str, Any], name: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(values.get(name)))
    except ValueError:
        raise BadEdit(f"“{name}” must be a UUID.") from None


@app_page("dialogs/<int:task_id>/canvas/changes/", name="app_canvas_changes")
@require_GET
@edit_errors
def changes(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    """What others saved since a revision, and who is here: two queries while nothing changed."""
    since, client = request.GET.get("since", ""), _id(request.GET, "client")
    if not since.isdecimal() or len(since) > LONGEST_NUMBER:
        raise BadEdit("“since” must be a revision.")
    task = task_of(app, task_id)
    log = edit_log.since(task, int(since))
    told: dict[str, Any] = {"revision": task.revision, "state": task.state.value, "ops": [], "problems": None}
    if log.complete and log.of_others(client):
        told |= {"ops": log.ops_of_others(client), "problems": problems_of(draft_document(task), app.pk)}
    return JsonResponse({**told, "others": presence.others(task, client), "reload": not log.complete})


@app_page("dialogs/<int:task_id>/canvas/presence/", name="app_canvas_presence")
@require_POST
@edit_errors
def here(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    """A form as well as JSON: a page that is being left can only send the former."""
    values = request.POST if "client" in request.POST else _body(request)
    task, client = task_of(app, task_id), _id(values, "client")
    if values.get("gone") in (True, "true"):
        presence.gone(task, client)
        return JsonResponse({"others": []})
    presence.here(task, request.user, client, str(values.get("node") or "")[:LONGEST_NAME])
    return JsonResponse({"others": presence.others(task, client)})


@app_page("dialogs/<int:task_id>/canvas/variables/", name="app_canvas_variables")
@require_GET
def variables_at(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    draft = drafts.read(task_of(app, task_id)).draft
    return JsonResponse({"variables": variables(draft.document(), request.GET.get("node") or None)})
