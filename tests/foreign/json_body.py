"""Atlassian's token endpoint takes JSON too, which RFC 6749 does not know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

FORM = "application/x-www-form-urlencoded"


def as_form(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Turns a JSON body at the token endpoint into the form that the server understands."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/oauth/token" and request.content_type == "application/json":
            request._body = urlencode(json.loads(request.body)).encode()
            request.content_type = request.META["CONTENT_TYPE"] = FORM
            request.META["CONTENT_LENGTH"] = str(len(request.body))
        return get_response(request)

    return middleware
