"""Where other systems send what a conversation waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dialogs.flows import callbacks, desk
from dialogs.web import json_errors

from .limits import limited

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@csrf_exempt
@never_cache
@require_POST
@json_errors
@limited
def callback(request: HttpRequest, token: str) -> HttpResponse:
    """The answer of a webhook: any JSON, once. The address is the permission, so there is no other sign-in."""
    callbacks.receive(token, request.body)
    return JsonResponse({"taken": True}, status=202)


@csrf_exempt
@never_cache
@require_POST
@json_errors
@limited
def agent_desk(request: HttpRequest, token: str) -> HttpResponse:
    """A signed delivery of an agent desk; one that was taken before is answered in the same way."""
    taken = desk.receive(token, request.headers, request.body)
    return JsonResponse({"taken": True, "repeated": not taken}, status=202)
