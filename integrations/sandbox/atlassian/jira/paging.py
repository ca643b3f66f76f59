"""The opaque tokens that lead from one page of a search to the next."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import refused

if TYPE_CHECKING:
    from .call import Call

VALID_SECONDS = 7 * 86_400


@dataclass(frozen=True)
class Place:
    """How far a search has come, for one query of one person on one site."""

    search: str
    offset: int
    issued_at: float


def search_name(call: Call, jql: str) -> str:
    """A name for the search: a token of another one is refused."""
    return hashlib.sha256(f"{call.site.cloud_id}|{call.account_id}|{jql}".encode()).hexdigest()[:16]


def write_token(call: Call, jql: str, offset: int) -> str:
    # Different every time, so that nobody compares or makes them.
    place = [search_name(call, jql), offset, call.here.clock.now(), secrets.token_hex(4)]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def read_token(call: Call, jql: str, token: str | None) -> int:
    """The offset a token stands for; JiraError 400 for one that is foreign, broken or a week old."""
    if not token:
        return 0
    try:
        search, offset, issued_at, _ = json.loads(base64.urlsafe_b64decode(token))
        place = Place(str(search), int(offset), float(issued_at))
    except (ValueError, TypeError):
        raise refused(400, "bad_page_token") from None
    if place.search != search_name(call, jql) or call.here.clock.now() - place.issued_at > VALID_SECONDS:
        raise refused(400, "bad_page_token")
    return place.offset
