"""Sends one signed delivery. Nothing is repeated here."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
from django.utils import timezone
from requests_hardened.ip_filter import InvalidIPAddress

from dialogs.engine.trace import shortened
from dialogs.nodes.effects import OperationResult
from xoplatform.core import http
from xoplatform.logs import HIDDEN, redact

from .signing import signed_json

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Keys of a payload that let somebody in; they are sent, and shown nowhere.
KEPT_BACK = frozenset({"callback_url", "reply_url"})
#: Keys whose values the conversation and the person's own row tell.
TOLD_ELSEWHERE = frozenset({"transcript", "person"})
#: Characters that are used of an answer which is no JSON, and that a record keeps of anything.
LONGEST_TEXT, LONGEST_SHOWN = 10_000, 8_000

PRIVATE = (
    "The address of “{what}” is not one that this installation may call: it must be public and begin with https. "
    "Nothing was sent. The App's developers can give another, or an administrator can allow this one."
)


@dataclass(frozen=True)
class Delivery:
    """What is sent: ``id`` stays the same when it is sent again. ``what`` names the receiver to a person."""

    id: str
    what: str
    url: str
    payload: Mapping[str, Any]


def post(delivery: Delivery, secret: str, timeout: float) -> OperationResult:
    """Posts JSON, and says what became of it; ``timeout`` is in seconds. Raises nothing that a network does."""
    body, headers = signed_json(delivery.payload, secret, delivery.id, timezone.now())
    started = time.perf_counter()
    try:
        response = http.session().post(delivery.url, data=body, headers=headers, timeout=timeout)
    except http.NetworkError as error:
        return _lost(delivery, error, started)
    answer = _read(response)
    trace = {
        "request": _request(delivery),
        "response": {"status": response.status_code, "body": shortened(redact(answer), LONGEST_SHOWN)},
    }
    return OperationResult("answered", response.status_code, answer, trace=trace, duration_ms=_ms(started))


def _lost(delivery: Delivery, error: http.NetworkError, started: float) -> OperationResult:
    trace, took = {"request": _request(delivery)}, _ms(started)
    if isinstance(error, http.AddressRefused | InvalidIPAddress):
        return OperationResult("refused", message=PRIVATE.format(what=delivery.what), trace=trace, duration_ms=took)
    if http.never_left(error):
        late = isinstance(error, requests.Timeout)
        return OperationResult("timed_out" if late else "unreachable", trace=trace, duration_ms=took)
    return OperationResult("unknown", trace=trace, duration_ms=took)


def _request(delivery: Delivery) -> dict[str, Any]:
    """The request as people may read it."""
    shown = {key: _shown(key, value) for key, value in delivery.payload.items()}
    return {"method": "POST", "url": redact(delivery.url), "delivery": delivery.id, "body": shown}


def _shown(key: str, value: Any) -> Any:
    """A part of a payload as a record keeps it: what is told elsewhere is not kept once more."""
    if key in KEPT_BACK:
        return HIDDEN
    if key in TOLD_ELSEWHERE:
        return f"({len(value)} entries)"
    return shortened(redact(value), LONGEST_SHOWN)


def _read(response: requests.Response) -> Any:
    if not response.content:
        return None
    try:
        return response.json()
    except ValueError:
        return response.text[:LONGEST_TEXT]


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
