"""What every API answer has in common."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from .core.errors import PlatformError


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answers an error as problem details (RFC 9457)."""
    if isinstance(error, PlatformError):
        body = {"type": f"urn:xo:error:{error.code}", "title": error.message, "status": error.status}
        return Response(body, status=error.status, content_type="application/problem+json")
    return exception_handler(error, context)
