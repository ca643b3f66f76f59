"""Structured logs in which no secret survives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    import logging

#: Keys whose values are never written, wherever they appear in an event.
SECRET_KEY = re.compile(
    r"token|secret|password|authorization|api_?key|cookie|code_verifier|^code$|^state$", re.IGNORECASE
)
#: The same names inside free text: query strings, form bodies, JSON and header lines.
SECRET_TEXT = re.compile(
    r"""((?:access_token|refresh_token|client_secret|api_token|password|code_verifier|code|state|authorization)"""
    r"""["']?\s*[=:]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s"'&,;}]+""",
    re.IGNORECASE,
)
HIDDEN = "•••"


def redact(value: Any) -> Any:
    """A copy of ``value`` in which everything that looks like a secret reads ``•••``."""
    if isinstance(value, Mapping):
        return {k: HIDDEN if SECRET_KEY.search(str(k)) else redact(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [redact(item) for item in value]
    if isinstance(value, str):
        return SECRET_TEXT.sub(rf"\g<1>{HIDDEN}", value)
    return value


def redact_event(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {k: v if k.startswith("_") else HIDDEN if SECRET_KEY.search(k) else redact(v) for k, v in event.items()}


def formatter(debug: bool = False) -> logging.Formatter:
    """The formatter of every handler: readable lines while developing, JSON lines otherwise."""
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0) if debug else structlog.processors.JSONRenderer()
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact_event,
            renderer,
        ],
    )
