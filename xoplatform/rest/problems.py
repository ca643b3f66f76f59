"""Errors as problem details (RFC 9457): stable codes, words for people, and the field at fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from xoplatform.core.errors import PlatformError

from .errors import NotHere, TooManyRequests

MEDIA_TYPE: Final = "application/problem+json"


class Refused(PlatformError):
    """The request was refused: {reason}"""

    code = "refused"


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error; None for one that is nobody's but ours, which becomes a 500 and a log line."""
    request = context["request"]
    body = _body_of(error)
    if body is None:
        return None
    set_rollback()
    body["request_id"] = getattr(request._request, "id", "")  # noqa: SLF001 -- DRF has no public way to it
    response = Response(body, status=body["status"], content_type=MEDIA_TYPE)
    for name, value in _headers_of(error).items():
        response[name] = value
    return response


def _body_of(error: Exception) -> dict[str, Any] | None:
    if isinstance(error, Http404):
        error = NotHere(what="object")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, PlatformError):
        return {**error.more, **body(error.code, error.status, error.message)}
    if isinstance(error, exceptions.ValidationError):
        return body("invalid", 400, "Some of what was sent cannot be used. Nothing was changed.") | {
            "errors": list(_faults(error.get_full_details(), ""))
        }
    if isinstance(error, exceptions.APIException):
        code = str(getattr(error, "default_code", "error"))
        return body(code, error.status_code, str(error.detail))
    return None


def body(code: str, status: int, detail: str) -> dict[str, Any]:
    """Problem details without what only a request knows."""
    title = code.replace("_", " ").capitalize()
    return {"type": f"urn:xo:error:{code}", "title": title, "status": status, "detail": detail, "code": code}


def _faults(details: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Each fault with the JSON pointer of its field (RFC 6901)."""
    if isinstance(details, Mapping) and isinstance(details.get("message"), str) and "code" in details:
        yield {"pointer": pointer, "code": str(details["code"]), "detail": str(details["message"])}
    elif isinstance(details, Mapping):
        for name, inner in details.items():
            part = "" if name == "non_field_errors" else "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from _faults(inner, pointer + part)
    elif isinstance(details, list):
        nested = any(isinstance(entry, Mapping) and "message" not in entry for entry in details)
        for place, inner in enumerate(details):
            yield from _faults(inner, f"{pointer}/{place}" if nested else pointer)


def _headers_of(error: Exception) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]  # just looked for
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.details["seconds"])
    wait = getattr(error, "retry_after", None)
    if isinstance(wait, int):
        headers["Retry-After"] = str(wait)
    if isinstance(error, PlatformError) and error.status == 401:  # noqa: PLR2004 -- RFC 9110, 15.5.2: it must say how
        headers["WWW-Authenticate"] = 'Bearer realm="XO Platform"'
    return headers
