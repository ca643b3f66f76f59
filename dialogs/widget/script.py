"""The widget's script at an address that stays: a page that embeds it is never changed for a new release of ours."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest

FILE = "dialogs/canvas/xo-chat.js"
#: Seconds for which browsers do not ask again; a new release reaches every page within them.
KEPT = 3600


@cache
def _content(path: str, changed: int) -> tuple[bytes, str]:
    """The script and its tag; read again once the file was built again."""
    content = Path(path).read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _built() -> tuple[bytes, str] | None:
    path = finders.find(FILE)
    return _content(path, Path(path).stat().st_mtime_ns) if path else None


def _tag(_request: HttpRequest) -> str | None:
    built = _built()
    return built[1] if built else None


@require_safe
@gzip_page
@cache_control(public=True, max_age=KEPT)
@condition(etag_func=_tag)
def script(request: HttpRequest) -> HttpResponse:
    """The script, for pages of any origin. Raises Http404 where the front end was not built."""
    built = _built()
    if built is None:
        raise Http404("The widget was not built.")
    return for_any_origin(HttpResponse(built[0], content_type="text/javascript; charset=utf-8"))


def for_any_origin(response: HttpResponse) -> HttpResponse:
    """Lets pages of any origin have what holds nothing of anybody."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response
