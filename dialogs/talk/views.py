"""*Talk to Bot*: members try the App's drafts, as an end user of their own."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogs.errors import BadMessage, UnknownConversation, UnknownTask
from dialogs.flows import uploads
from dialogs.flows.attachments import read_files
from dialogs.flows.converse import post_message
from dialogs.flows.testing import record_test
from dialogs.flows.try_again import try_again
from dialogs.models import Conversation, DialogTask
from dialogs.web import json_errors, read_json
from xoplatform.admin_site import app_page, page_context
from xoplatform.models import EndUser, Role

if TYPE_CHECKING:
    from xoplatform.models import App

#: As the column that keeps it.
LONGEST_MESSAGE_ID = 100
LONGEST_NUMBER = 9
#: What the page gets of a turn.
TOLD = ("number", "text", "replies", "trace", "created_at", "client_message_id")


@app_page("talk/", name="app_talk", role=Role.DEVELOPER)
@require_GET
@ensure_csrf_cookie
def talk(request: HttpRequest, app: App) -> HttpResponse:
    messages_url = reverse("admin:app_talk_messages", args=[app.slug])
    has_tasks = DialogTask.objects.filter(app=app).exists()
    context = page_context(request, app, "Talk to Bot", messages_url=messages_url, has_tasks=has_tasks)
    return render(request, "dialogs/talk/talk.html", context)


@app_page("talk/messages/", name="app_talk_messages", role=Role.DEVELOPER)
@require_http_methods(["GET", "POST"])
@json_errors
def messages(request: HttpRequest, app: App) -> HttpResponse:
    if request.method == "POST":
        return _post(request, app)
    return _transcript(request, app)


def _post(request: HttpRequest, app: App) -> JsonResponse:
    body = read_json(request)
    conversation, text = _uuid(body.get("conversation")), body.get("text")
    if not isinstance(text, str):
        raise BadMessage(reason="it has no text.")
    member = EndUser.objects.for_staff(app, request.user)
    answer = post_message(
        app,
        member,
        text,
        conversation=conversation,
        client_message_id=_message_id(body.get("client_message_id")),
        files=read_files(uploads.filled_in(app, member, body.get("attachments"))),
        draft=True,
        focus=None if conversation else _focus(app, body.get("task")),
    )
    return JsonResponse(answer.to_json())


@app_page("talk/record/", name="app_talk_record", role=Role.DEVELOPER)
@require_POST
@json_errors
def record(request: HttpRequest, app: App) -> HttpResponse:
    """Makes a test of one's own conversation: {"conversation"} in, {"id", "name", "url"} out."""
    conversation = _own(request, app, read_json(request).get("conversation"))
    test = record_test(conversation, user=request.user)
    url = reverse("admin:app_test", args=[app.slug, test.pk])
    return JsonResponse({"id": test.pk, "name": test.name, "url": url}, status=201)


@app_page("talk/again/", name="app_talk_again", role=Role.DEVELOPER)
@require_POST
@json_errors
def again(request: HttpRequest, app: App) -> HttpResponse:
    """Opens a new conversation where a turn began: {"conversation", "number" or "message"} in, {"conversation", "text",
    "attachments"} out. ``message`` is the sender's id of the message that the turn answered.
    """
    body = read_json(request)
    conversation = _own(request, app, body.get("conversation"))
    fresh, text, files = try_again(conversation, _number(conversation, body))
    return JsonResponse({"conversation": str(fresh.public_id), "text": text, "attachments": files}, status=201)


def _number(conversation: Conversation, body: dict[str, Any]) -> int:
    number, message = body.get("number"), _message_id(body.get("message"))
    if message is not None:
        number = conversation.turns.filter(client_message_id=message).values_list("number", flat=True).first()
        if number is None:
            raise BadMessage(reason="no turn answered that message.")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 10**LONGEST_NUMBER:
        raise BadMessage(reason="number must be the number of a turn.")
    return number


def _own(request: HttpRequest, app: App, value: Any) -> Conversation:
    """One of this member's own conversations here. Raises BadMessage and UnknownConversation."""
    public_id = _uuid(value)
    if public_id is None:
        raise BadMessage(reason="it names no conversation.")
    rows = Conversation.objects.filter(app=app, end_user__external_id=f"staff:{request.user.pk}")
    conversation = rows.select_related("app", "focus").defer("focus__template_document").filter(public_id=public_id)
    found = conversation.first()
    if found is None:
        raise UnknownConversation
    return found


def _transcript(request: HttpRequest, app: App) -> JsonResponse:
    public_id = _uuid(request.GET.get("conversation"))
    if public_id is None:
        raise BadMessage(reason="it names no conversation.")
    rows = Conversation.objects.filter(app=app, end_user__external_id=f"staff:{request.user.pk}")
    conversation = rows.filter(public_id=public_id).only("pk", "status").first()
    if conversation is None:
        raise UnknownConversation
    turns = conversation.turns.filter(number__gt=_after(request)).order_by("number").values(*TOLD)
    return JsonResponse({"turns": list(turns), "state": conversation.status})


def _after(request: HttpRequest) -> int:
    """The number of the last turn that the page has: who looks again while a dialog waits wants what came since."""
    after = request.GET.get("after", "0")
    if not after.isdecimal() or len(after) > LONGEST_NUMBER:
        raise BadMessage(reason="after must be the number of a turn.")
    return int(after)


def _uuid(value: Any) -> uuid.UUID | None:
    if value in (None, ""):
        return None
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise BadMessage(reason="its conversation is not an id.") from None


def _message_id(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > LONGEST_MESSAGE_ID:
        raise BadMessage(reason="client_message_id must be a text of at most 100 characters.")
    return value


def _focus(app: App, task_id: Any) -> DialogTask | None:
    if task_id is None:
        return None
    if not isinstance(task_id, int):
        raise BadMessage(reason="task must be the number of a dialog task.")
    task = DialogTask.objects.filter(app=app, pk=task_id).only("pk").first()
    if task is None:
        raise UnknownTask
    return task
