"""A Flask request in the shape in which openapi-core asks about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

if TYPE_CHECKING:
    from flask import Request


class ContractRequest:
    """The request as if it had come to the site itself, without the gateway's prefix.

    A parameter without a value counts as left out: that is how the service takes it.
    """

    def __init__(self, request: Request, pattern: str, path: str, path_values: dict[str, str]) -> None:
        self._request = request
        self.path = path
        self.path_pattern = pattern
        self.host_url = "http://jira"
        self.parameters = RequestParameters(
            query=ImmutableMultiDict((name, value) for name, value in request.args.items(multi=True) if value),
            header=Headers(request.headers),
            cookie=request.cookies,
            path=path_values,
        )

    @property
    def method(self) -> str:
        return self._request.method.lower()

    @property
    def body(self) -> bytes | None:
        return self._request.get_data() or None

    @property
    def content_type(self) -> str:
        return self._request.content_type or "application/octet-stream"
