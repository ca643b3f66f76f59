"""How many requests a caller may make in a minute, told in standard headers.

A fixed window: one counter per caller and minute in Django's cache, so that it costs one increment. With the cache of
`make run`, each process counts for itself; ``XO_CACHE_URL`` names one for all.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.core.cache import cache

from .errors import TooManyRequests

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from .callers import Caller

WINDOW: Final = 60
#: For those who have no key with a limit of its own.
STAFF_LIMIT: Final = 600
PERSON_LIMIT: Final = 120


@dataclass(frozen=True)
class Allowance:
    """What is left to a caller in this minute."""

    limit: int
    left: int
    seconds: int

    def tell(self, response: HttpResponseBase) -> None:
        """As draft-ietf-httpapi-ratelimit-headers (10) writes it."""
        response["RateLimit-Policy"] = f'"minute";q={self.limit};w={WINDOW}'
        response["RateLimit"] = f'"minute";r={self.left};t={self.seconds}'


def spend(caller: Caller) -> Allowance:
    """Counts one request. The allowance may be overdrawn; `require` refuses then."""
    limit = limit_of(caller)
    now = int(time.time())
    name = f"api-rate/{caller.mark}/{now // WINDOW}"
    if cache.add(name, 1, timeout=2 * WINDOW):
        used = 1
    else:
        try:
            used = cache.incr(name)
        except ValueError:  # the cache forgot it between the two
            used = 1
    return Allowance(limit, limit - used, WINDOW - now % WINDOW)


def limit_of(caller: Caller) -> int:
    """Requests a minute."""
    if caller.end_user is not None:
        return PERSON_LIMIT
    return caller.key.requests_per_minute if caller.key is not None else STAFF_LIMIT


def require(allowance: Allowance) -> None:
    """Raises TooManyRequests when nothing was left."""
    if allowance.left < 0:
        raise TooManyRequests(limit=allowance.limit, seconds=allowance.seconds)
