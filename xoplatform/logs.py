"""Structured logs in which no secret survives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import structlog

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator

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


#: Characters of a key that is worth remembering.
LONGEST_KEY = 64


def _names_secret(key: str) -> bool:
    return _remembered(key) if len(key) <= LONGEST_KEY else SECRET_KEY.search(key) is not None


@lru_cache(maxsize=4096)
def _remembered(key: str) -> bool:
    return SECRET_KEY.search(key) is not None


def _hide(found: re.Match[str]) -> str:
    # A function: a template is looked up anew at each call.
    return f"{found[1]}{HIDDEN}"


def redact(value: Any) -> Any:
    """A copy of ``value`` in which everything that looks like a secret reads ``•••``."""
    if isinstance(value, Mapping):
        return {k: HIDDEN if _names_secret(str(k)) else redact(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [redact(item) for item in value]
    if isinstance(value, str):
        return _without_sensitive(SECRET_TEXT.sub(_hide, value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return dict(hidden).get(str(value), value) if (hidden := _sensitive.get()) else value
    return value


#: Texts that are sensitive in what is being done now, with what is shown in their place.
_sensitive: ContextVar[tuple[tuple[str, str], ...]] = ContextVar("sensitive", default=())


@contextmanager
def hiding(sensitive: tuple[tuple[str, str], ...]) -> Iterator[None]:
    """Within, `redact` and all logs show (text, what is shown instead) of ``sensitive``, also percent-encoded."""
    encoded = tuple((quoted, shown) for text, shown in sensitive if (quoted := quote(text, safe="")) != text)
    before = _sensitive.set((*sensitive, *encoded))
    try:
        yield
    finally:
        _sensitive.reset(before)


def _without_sensitive(text: str) -> str:
    for hidden, shown in _sensitive.get():
        text = text.replace(hidden, shown)
    return text


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
