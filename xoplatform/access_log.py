"""Addresses in logs: where somebody went, and never the one-time key that let them in."""

from __future__ import annotations

import logging

from django.http import HttpRequest

from .logs import HIDDEN

#: Parts of an address that say where and never let anybody in. All others may be a one-time key.
HARMLESS_PARTS = {"app", "app_slug", "app_label", "object_id", "pk", "id", "task_id", "provider", "content_type_id"}


def public_path(request: HttpRequest) -> str:
    """The request's path, fit to be logged: without query string, and without keys that links carry in it."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return "(no such page)"
    path = request.path
    for name, value in match.kwargs.items():
        if name not in HARMLESS_PARTS and isinstance(value, str) and value:
            path = path.replace(value, HIDDEN)
    return HIDDEN if match.args else path


class HidePaths(logging.Filter):
    """Django names the path in its warnings about answers; the path of a one-time link is a secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            shown = public_path(request)
            record.args = tuple(shown if arg == request.path else arg for arg in record.args)
        return True
