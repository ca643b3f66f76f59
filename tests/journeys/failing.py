"""A database that refuses to keep a grant: the crash whose traceback has most to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Fail-Writes"


class FailingWrites:
    """Requests with the header meet a database that cannot write tokens, and says so as PostgreSQL would."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if HEADER not in request.headers:
            return self.get_response(request)
        with connection.execute_wrapper(_refuse):
            return self.get_response(request)


def _refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if sql.startswith('UPDATE "integrations_connection"') and '"access_token" = ' in sql:
        raise OperationalError(f"Failing row contains {params}")
    return execute(sql, params, many, context)
