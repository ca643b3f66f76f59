"""Lists: a page at a time by cursor, always in one envelope."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError as UnfitValue
from rest_framework import pagination
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response

from .errors import BadCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.views import APIView

PAGE_SIZE: Final = 50
LARGEST_PAGE: Final = 200
DIGITS: Final = re.compile("[0-9]{1,3}")


class CursorPages(pagination.CursorPagination):
    """``?limit=`` up to 200, and ``?cursor=`` as the links of the answer give it."""

    page_size = PAGE_SIZE
    max_page_size = LARGEST_PAGE
    page_size_query_param = "limit"
    ordering: tuple[str, ...] = ("-pk",)

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, UnfitValue, ValueError, OverflowError):
            raise BadCursor from None

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.getlist("limit")
        if not given:
            return PAGE_SIZE
        if len(given) > 1 or not DIGITS.fullmatch(given[0]) or not 1 <= int(given[0]) <= LARGEST_PAGE:
            raise ValidationError({"limit": f"A whole number from 1 to {LARGEST_PAGE}."})
        return int(given[0])

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == "limit":
                parameter["schema"] |= {"minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
        return parameters

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"items": data, "next": self.get_next_link(), "previous": self.get_previous_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return envelope({"type": ["string", "null"], "format": "uri"}, schema)


def envelope(link: dict[str, Any], items: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of a list."""
    return {
        "type": "object",
        "required": ["items", "next", "previous"],
        "properties": {"items": items, "next": link, "previous": link},
    }


class Whole(CursorPages):
    """Describes a list that is never long, which `whole` answers: the same envelope, nothing to page through."""

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return []


def whole(items: Sequence[Any]) -> Response:
    """A list that is never long, in the envelope of those that may be. Its view has `Whole` as pagination."""
    return Response({"items": items, "next": None, "previous": None})
