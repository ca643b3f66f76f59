"""Entity tags (RFC 9110, 8.8.3 and 13): reading what has not changed costs nothing, and nobody overwrites unseen."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from django.utils.http import parse_etags
from rest_framework.utils.encoders import JSONEncoder

from .errors import Changed

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response

NOT_MODIFIED: Final = 304
ANY: Final = "*"


def etag_of(data: Any) -> str:
    """The tag of a representation; strong, since the same data makes the same bytes."""
    text = json.dumps(data, cls=JSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def holds(request: Request, data: Any) -> bool:
    """Whether the request has no If-Match, or one that fits what is there now."""
    wanted = request.headers.get("If-Match")
    if wanted is None:
        return True
    tags = parse_etags(wanted)
    return ANY in tags or etag_of(data) in tags


def check_match(request: Request, data: Any) -> None:
    """Raises Changed when the request has an If-Match that does not hold for what is there now."""
    if not holds(request, data):
        raise Changed


def mark(request: Request, response: Response) -> None:
    """Puts the tag on an answer, and empties it where the caller has the same already."""
    if response.data is None:
        return
    tag = etag_of(response.data)
    response["ETag"] = tag
    if request.method in {"GET", "HEAD"} and tag in parse_etags(request.headers.get("If-None-Match", "")):
        response.status_code, response.data = NOT_MODIFIED, None
