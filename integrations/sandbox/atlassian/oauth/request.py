"""A token or authorization request, whether it came as a form or as JSON."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request

if TYPE_CHECKING:
    from flask import Request


class _Payload(OAuth2Payload):  # type: ignore[misc] # Authlib ships no types
    def __init__(self, values: dict[str, list[str]]) -> None:
        self._values = values

    @property
    def data(self) -> dict[str, str]:
        return {name: values[0] for name, values in self._values.items()}

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, self._values)


class SandboxRequest(OAuth2Request):  # type: ignore[misc] # Authlib ships no types
    """Authlib reads credentials from `form`; Atlassian documents JSON and takes both."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.method, request.url, headers=request.headers)
        self._args = request.args
        self._body = _body(request)
        self.payload = _Payload({**request.args.to_dict(flat=False), **self._body})

    @property
    def args(self) -> Any:
        return self._args

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in self._body.items()}


def _body(request: Request) -> dict[str, list[str]]:
    if request.is_json:
        document = request.get_json(silent=True)
        pairs = document.items() if isinstance(document, dict) else ()
        return {name: [value] for name, value in pairs if isinstance(value, str)}
    return request.form.to_dict(flat=False)
