"""Sends one rendered request within a time budget, repeating it only where that is allowed."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests

from xoplatform.core import http
from xoplatform.core.exchange import Outgoing, exchange
from xoplatform.core.retry_after import retry_after

from .platform import reply_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from integrations.catalog.base import Reply

#: Requests that one call may make, all repetitions included.
ATTEMPTS = 4
#: Seconds before a repetition where the provider names none: doubled each time, up to the second.
BACK_OFF = (2.0, 30.0)

pause = time.sleep


class Budget:
    """Seconds that are left for a call."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return self._end - time.monotonic()


@dataclass(frozen=True)
class Lost(Exception):
    """``left`` says whether the request may have reached the provider; ``timed_out`` whether time ran out."""

    left: bool
    timed_out: bool
    kind: str


def send(outgoing: Outgoing, budget: Budget, *, repeat: bool, come_later: Callable[[Reply], bool]) -> Reply:
    """The answer. Raises Lost.

    With ``repeat``, a lost answer is asked for once more, and answers of which ``come_later`` is true, "too many
    requests" or "unavailable", are waited out as the other side says (RFC 9110 section 10.2.3) as long as the budget
    allows.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            reply = _once(outgoing, budget)
        except Lost as lost:
            if not repeat or attempt > 1 or budget.left < 1:
                raise
            if not lost.timed_out:
                continue
            raise
        wait = _wait(reply, attempt) if repeat and come_later(reply) else None
        if wait is None or attempt == ATTEMPTS or wait >= budget.left:
            return reply
        pause(wait)
    raise AssertionError("unreachable")  # pragma: no cover -- the last attempt returns or raises


def _once(outgoing: Outgoing, budget: Budget) -> Reply:
    if budget.left <= 0:
        raise Lost(left=False, timed_out=True, kind="no time left")
    try:
        response = exchange(outgoing, timeout=max(budget.left, 0.1))
    except http.NetworkError as error:
        left = not http.never_left(error)
        raise Lost(left=left, timed_out=isinstance(error, requests.Timeout), kind=type(error).__name__) from None
    return reply_of(response)


def _wait(reply: Reply, attempt: int) -> float:
    told = retry_after(reply.headers)
    usual = min(BACK_OFF[0] * 2.0 ** (attempt - 1), BACK_OFF[1]) * random.uniform(0.7, 1.3)  # noqa: S311
    return usual if told is None else told
