"""One exchange with another system, for calls by the thousand."""

from __future__ import annotations

import json as jsonlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

import requests
from requests.structures import CaseInsensitiveDict
from requests.utils import check_header_validity

from . import http

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: An address that `requests` would leave as it is: nothing in it has to be quoted.
PLAIN: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/[A-Za-z0-9\-._~!$&'()*+,;=:@/%?\[\]]*")


@dataclass(frozen=True)
class Outgoing:
    """A request ready to leave. ``json`` is sent as JSON unless ``data`` is there, which is sent as it is."""

    method: str
    url: str
    json: Any = None
    data: bytes | None = None
    headers: Mapping[str, Any] = field(default_factory=dict, repr=False)
    auth: Callable[[requests.PreparedRequest], requests.PreparedRequest] | None = field(default=None, repr=False)


def exchange(outgoing: Outgoing, *, timeout: float = http.DEFAULT_TIMEOUT) -> requests.Response:
    """What `http.session().request` gives, with the same guards. ``timeout`` is in seconds. Raises NetworkError.

    An address in its plain form goes straight to the guarded adapter: preparing a request anew costs as much as
    sending it.
    """
    if not PLAIN.fullmatch(outgoing.url):
        return cast("requests.Response", http.session().request(**vars(outgoing), timeout=timeout))
    for header in outgoing.headers.items():
        check_header_validity(header)
    request = requests.PreparedRequest()
    request.method, request.url = outgoing.method.upper(), outgoing.url
    request.headers = CaseInsensitiveDict({**_STANDING, **outgoing.headers})
    request.body = outgoing.data
    if outgoing.json is not None and outgoing.data is None:
        request.body = _written(outgoing.json)
        request.headers.setdefault("Content-Type", "application/json")
    if request.body is not None or request.method not in {"GET", "HEAD"}:
        request.headers["Content-Length"] = str(len(request.body or b""))
    request.hooks = {"response": []}
    if outgoing.auth is not None:
        request = outgoing.auth(request)
    scheme = "https://" if outgoing.url.startswith("https") else "http://"
    return http.adapters()[scheme].send(request, timeout=timeout)


_STANDING: Final = {
    "User-Agent": "xo-platform",
    "Accept-Encoding": "gzip, deflate",
    "Accept": "*/*",
    "Connection": "keep-alive",
}


def _written(value: Any) -> bytes:
    try:
        return jsonlib.dumps(value, allow_nan=False).encode()
    except ValueError as error:
        raise requests.exceptions.InvalidJSONError(error) from None
