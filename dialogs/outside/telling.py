"""Sends one event to one webhook, once, and says in a few words what became of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import requests
from django.utils import timezone
from requests_hardened.ip_filter import InvalidIPAddress

from xoplatform.core import http
from xoplatform.core.retry_after import retry_after

from .posting import PRIVATE
from .signing import signed_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Seconds for connecting, sending and the whole answer.
TIMEOUT: Final = 10.0
#: Bytes of an answer that are read; nothing in it is used.
MOST: Final = 64 * 1024
#: Longest wait that a receiver may ask for, in seconds.
LONGEST_WAIT: Final = 86_400.0
#: Statuses besides 5xx with which a receiver says that it can take nothing now.
BUSY: Final = frozenset({408, 429})
GONE: Final = 410


@dataclass(frozen=True)
class Telling:
    """What is sent, where to, and signed with which secrets; the first of them is the one in force."""

    id: str
    what: str
    url: str
    payload: Mapping[str, Any]
    secrets: Sequence[str]


@dataclass(frozen=True)
class Answer:
    """``status`` is None when none came; ``error`` is empty when it was taken. ``wait`` is in seconds, if asked for."""

    status: int | None
    error: str
    duration_ms: int
    wait: float | None = None

    @property
    def taken(self) -> bool:
        return not self.error

    @property
    def receiver_is_down(self) -> bool:
        """Whether the next delivery would most likely fare no better."""
        return self.status is None or self.status >= 500 or self.status in BUSY  # noqa: PLR2004


def tell(telling: Telling) -> Answer:
    """Posts it. Raises nothing that a network does; touches no database, so it may run in a thread."""
    current, *earlier = telling.secrets
    body, headers = signed_json(telling.payload, current, telling.id, timezone.now(), *earlier)
    started = time.perf_counter()
    try:
        with http.reading_at_most(MOST):
            response = http.session().post(telling.url, data=body, headers=headers, timeout=TIMEOUT)
    except http.AnswerTooLarge as error:
        if error.response is None:
            return Answer(None, "Its answer was too long.", _ms(started))
        response = error.response
    except http.NetworkError as error:
        return Answer(None, _words(error, telling.what), _ms(started))
    return _answer(response, _ms(started))


def _answer(response: requests.Response, took: int) -> Answer:
    status = response.status_code
    if 200 <= status < 300:  # noqa: PLR2004
        return Answer(status, "", took)
    moved = 300 <= status < 400  # noqa: PLR2004
    hint = " Redirects are not followed: give the address itself." if moved else ""
    wait = retry_after(response.headers, at_most=LONGEST_WAIT)
    return Answer(status, f"It answered {status}.{hint}", took, wait)


def _words(error: http.NetworkError, what: str) -> str:
    """What went wrong, without the address: it may hold a secret."""
    if isinstance(error, http.AddressRefused | InvalidIPAddress):
        return PRIVATE.format(what=what)
    if isinstance(error, requests.Timeout):
        return f"No whole answer came within {TIMEOUT:.0f} seconds."
    if isinstance(error, requests.exceptions.SSLError):
        return "Its certificate was not accepted, so nothing was sent."
    if http.never_left(error):
        return "No connection could be made, so nothing was sent."
    return "The line broke off before an answer came."


def _ms(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
