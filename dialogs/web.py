"""What the JSON endpoints of canvas and talk have in common."""

from __future__ import annotations

import json
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from xoplatform.core.errors import PlatformError

from .errors import BadMessage, RequestTooBig

if TYPE_CHECKING:
    from collections.abc import Callable


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The request's JSON object.

    Raises RequestTooBig above DATA_UPLOAD_MAX_MEMORY_SIZE, and BadMessage for anything but an object.
    """
    try:
        value = json.loads(request.body)
    except RequestDataTooBig:
        raise RequestTooBig from None
    except (ValueError, RecursionError):
        raise BadMessage(reason="it is not JSON.") from None
    if not isinstance(value, dict):
        raise BadMessage(reason="it is not a JSON object.")
    return value


def json_errors(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answers our own errors in words: {"error", "code"} with the error's status."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except PlatformError as error:
            return JsonResponse({"error": error.message, "code": error.code}, status=error.status)

    return answer
