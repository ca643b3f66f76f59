"""Pages whose address is a one-time key."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.utils.cache import add_never_cache_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase


def private(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Keeps a page and its address to the person who opened it.

    The address holds a one-time token. ``no-referrer`` would be the shortest way to keep it, but browsers then send
    ``Origin: null`` with the page's own forms (Fetch, "append a request Origin header"), and the protection against
    forged requests refuses those. ``strict-origin`` tells our host's name at most, never the path.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        leaves = response.has_header("Location")
        response["Referrer-Policy"] = "no-referrer" if leaves else "strict-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded
