"""The description of the API and its pages: served by us alone, readable without signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from xoplatform.middleware import policy

from .errors import NotHere
from .problems import MEDIA_TYPE, body

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request
    from rest_framework.response import Response


class Description(SpectacularJSONAPIView):
    """OpenAPI 3.1."""

    authentication_classes = ()


class Pages(SpectacularSwaggerSplitView):
    """Swagger UI: every operation with its schema, to be tried with a key."""

    authentication_classes = ()
    schema = None
    url_name = "api-description"
    title = "XO Platform API"
    template_name = "xoplatform/api_docs.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        # Swagger UI writes style attributes.
        response["Content-Security-Policy"] = policy(in_admin=False).replace(
            "style-src 'self'", "style-src 'self' 'unsafe-inline'"
        )
        return response


@csrf_exempt  # nothing is done here, so that there is nothing to forge
def no_such_path(request: HttpRequest, rest: str = "") -> JsonResponse:
    """Problem details in place of a page, for programs that mistyped an address."""
    error = NotHere(what="address")
    content = body(error.code, error.status, error.message) | {"request_id": getattr(request, "id", "")}
    return JsonResponse(content, status=error.status, content_type=MEDIA_TYPE)
