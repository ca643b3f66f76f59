"""The short way of programs: what only browsers need is not done for them.

A request of the API that brings a bearer value is signed in by that alone (see `rest.authentication`): it has no
session, no cookies to protect, no page and no language to choose. All else is done as for everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from .middleware import Answer

API: Final = "/api/v1/"
BEARER: Final = "bearer "
#: Of the setting MIDDLEWARE; what is added there is done for programs, too.
FOR_BROWSERS: Final = frozenset(
    {
        "xoplatform.programs.short_way",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    }
)
MIDDLEWARE: Final = tuple(one for one in settings.MIDDLEWARE if one not in FOR_BROWSERS)


def short_way(get_response: Answer) -> Answer:
    """Middleware that stands before all others, and goes past those that a program's request does not need."""
    straight = _Handler(MIDDLEWARE).answer

    def middleware(request: HttpRequest) -> Any:
        return straight(request) if is_program(request) else get_response(request)

    return middleware


def is_program(request: HttpRequest) -> bool:
    """Whether a request of the API says who makes it by a bearer value; whether that opens anything is seen later."""
    given = request.META.get("HTTP_AUTHORIZATION", "")
    return given[: len(BEARER)].lower() == BEARER and request.path_info.startswith(API)


class _Handler(BaseHandler):
    """Django's way from a request to a view and back, with middleware of its own."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        answer: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]  # not in the stubs
        for path in reversed(tuple(paths)):
            answer = self._around(import_string(path)(answer))
        self.answer: Answer = answer

    def _around(self, middleware: Any) -> Any:
        """As `BaseHandler.load_middleware` does it, which takes the list from the settings alone."""
        if hasattr(middleware, "process_view"):
            self._view_middleware.insert(0, middleware.process_view)
        if hasattr(middleware, "process_template_response"):
            self._template_response_middleware.append(middleware.process_template_response)
        if hasattr(middleware, "process_exception"):
            self._exception_middleware.append(middleware.process_exception)
        return convert_exception_to_response(middleware)
