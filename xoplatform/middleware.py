"""What every answer carries: the request's id and the rules for the browser; and one log line each."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from functools import lru_cache

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from .access_log import public_path

log = structlog.get_logger("xoplatform.access")

Answer = Callable[[HttpRequest], HttpResponseBase]

#: Ids that a proxy in front may hand in; anything else is replaced, since it ends up in logs.
ACCEPTED_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def request_id(get_response: Answer) -> Answer:
    """Names each request in its answer (X-Request-ID) and in every log line written for it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        name = given if ACCEPTED_ID.fullmatch(given) else uuid.uuid4().hex
        request.id = name  # type: ignore[attr-defined]  # read by error pages
        with structlog.contextvars.bound_contextvars(request_id=name):
            started = time.perf_counter()
            response = get_response(request)
            _write_line(request, response, (time.perf_counter() - started) * 1000)
        response["X-Request-ID"] = name
        return response

    return middleware


def _write_line(request: HttpRequest, response: HttpResponseBase, took_ms: float) -> None:
    path = public_path(request)
    is_error = response.status_code >= 400  # noqa: PLR2004 -- the first error status
    if not is_error and (request.resolver_match is None or path.startswith(("/health/", "/metrics"))):
        return  # static files and probes would drown the rest
    user = getattr(request, "_cached_user", None)  # request.user would ask the database for it
    log.info(
        "request",
        method=request.method,
        path=path,
        status=response.status_code,
        ms=round(took_ms, 1),
        user=user.pk if user is not None else None,
        caller=getattr(request, "caller_mark", None),  # who called the API
    )


def content_security_policy(get_response: Answer) -> Answer:
    """Tells the browser what a page may load. A view that needs other rules sets its own header."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if "Content-Security-Policy" not in response:
            in_admin = not request.path_info.startswith("/api/") and request.path.startswith(reverse("admin:index"))
            response["Content-Security-Policy"] = policy(in_admin=in_admin)
        return response

    return middleware


def policy(*, in_admin: bool) -> str:
    """The Content-Security-Policy of a page (W3C CSP Level 3).

    The admin theme's Alpine evaluates expressions and writes style attributes, so the admin allows
    both; inline script is refused everywhere. Forms may end at a provider's sign-in page, because
    Chromium applies ``form-action`` to redirects too.
    """
    return _policy(in_admin, _plain_hosts())


@lru_cache(maxsize=16)
def _policy(in_admin: bool, plain_hosts: str) -> str:
    script = "'self' 'unsafe-eval'" if in_admin else "'self'"
    style = "'self' 'unsafe-inline'" if in_admin else "'self'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {script}",
            f"style-src {style}",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            f"form-action 'self' https: {plain_hosts}".strip(),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _plain_hosts() -> str:
    """Origins without TLS that sign-in may lead to: those the operator allows outgoing calls to."""
    hosts: list[str] = settings.XO_ALLOW_PRIVATE_HOSTS
    return "http:" if "*" in hosts else " ".join(f"http://{host}:*" for host in hosts)
