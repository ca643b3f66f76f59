"""What the widget says by itself, in other languages than English, which the script has in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from .script import KEPT, for_any_origin

if TYPE_CHECKING:
    from django.http import HttpRequest

FOLDER: Final = Path(__file__).parent / "words"
#: Of a language that we have no words of: the script says them in English, and no page gets an error.
NONE: Final = b"{}"


@cache
def _tables() -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in FOLDER.glob("*.json")}


@require_safe
@gzip_page
@cache_control(public=True, max_age=KEPT)
def words(_request: HttpRequest, language: str) -> HttpResponse:
    """The words by name, for pages of any origin; none of a language that we do not speak."""
    return for_any_origin(HttpResponse(_tables().get(language, NONE), content_type="application/json"))
