"""How much may come in at an address that anybody can reach."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.throttling import SimpleRateThrottle

from dialogs.errors import DeliveryTooBig, TooManyRequests, UnknownAddress
from dialogs.outside.addresses import digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    View = Callable[..., HttpResponseBase]

#: Most bytes of a delivery, and how they read.
MOST_BYTES, MOST_IN_WORDS = 256 * 1024, "256 kB"


class PerAddress(SimpleRateThrottle):
    """Requests with one token."""

    rate = "60/min"
    scope = "events"

    def __init__(self, token: str) -> None:
        self._token = token
        super().__init__()

    def get_cache_key(self, _request: Any, _view: Any) -> str:
        return f"dialogs.events.{digest(self._token)}"


class Misses(SimpleRateThrottle):
    """Requests of one sender that led nowhere. Those that lead somewhere are not counted: a desk serves many chats."""

    rate = "60/min"
    scope = "events"

    def get_cache_key(self, request: Any, _view: Any) -> str:
        return f"dialogs.events.misses.{self.get_ident(request)}"

    def throttle_success(self) -> bool:
        return True

    def note(self) -> None:
        """Counts the request that was allowed last."""
        self.history.insert(0, self.now)
        self.cache.set(self.key, self.history, self.duration)  # type: ignore[attr-defined]  # the stubs lack it


def limited(view: View) -> View:
    """Refuses what is too much or too big before it is looked at. Raises TooManyRequests and DeliveryTooBig."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        misses = Misses()
        for throttle in (misses, PerAddress(token)):
            if not throttle.allow_request(request, view):  # type: ignore[arg-type]  # any request with META will do
                raise TooManyRequests(seconds=int(throttle.wait() or 0) + 1)
        _require_small(request)
        try:
            return view(request, token, *args, **kwargs)
        except UnknownAddress:
            misses.note()
            raise

    return guarded


def _require_small(request: HttpRequest) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise DeliveryTooBig(limit=MOST_IN_WORDS)
    try:
        size = len(request.body)
    except RequestDataTooBig:
        raise DeliveryTooBig(limit=MOST_IN_WORDS) from None
    if size > MOST_BYTES:
        raise DeliveryTooBig(limit=MOST_IN_WORDS)
