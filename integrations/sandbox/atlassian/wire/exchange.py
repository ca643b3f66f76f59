"""Answering a request under the store's lock, spoilt by the trouble that was ordered for it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, g, jsonify

from integrations.sandbox.atlassian.state.faults import REFUSING, Fault
from integrations.sandbox.atlassian.state.world import World, world

from .connection import cut, cut_in_half
from .limits import rate_limited

Work = Callable[[], Response]
OUTAGE = "<!doctype html><title>Error</title><h1>{status}</h1><p>The service is temporarily unavailable.</p>"
CONFLICT = "The issue was changed by someone else at the same time."


def answer(names: tuple[str, ...], work: Work) -> Response:
    """Does the work once, alone, and returns its answer.

    `names` are the operation or endpoint first, then the groups it belongs to; the first one is counted.
    Raises ConnectionCutError where the connection is to end without an answer.
    """
    here = world()
    with here.store.transaction():
        here.counts.requests[names[0]] += 1
    fault = here.faults.strike(names)
    if fault is None:
        return _alone(here, work)
    if fault.before:
        here.faults.wait(fault.seconds)
    response = _spoilt(here, fault, work)
    if not fault.before:
        here.faults.wait(fault.seconds)
    return response


def _alone(here: World, work: Work) -> Response:
    with here.store.transaction():
        return work()


def _spoilt(here: World, fault: Fault, work: Work) -> Response:
    if fault.kind in REFUSING:
        return _refused(here, fault)
    if fault.kind == "cut_before":
        cut()
    g.without_refresh_token = fault.kind == "no_refresh_token"
    response = _alone(here, work)
    if fault.kind == "cut_after":
        cut()
    if fault.kind == "half":
        return cut_in_half(response)
    if fault.kind == "not_json":
        return Response(OUTAGE.format(status="Just a moment"), mimetype="text/html")
    return response


def _refused(here: World, fault: Fault) -> Response:
    if fault.kind == "rate_limited":
        return rate_limited(here, fault)
    if fault.kind == "conflict":
        conflict = jsonify({"errorMessages": [CONFLICT], "errors": {}})
        conflict.status_code = 409
        return conflict
    if fault.kind == "answer":
        given = fault.body if isinstance(fault.body, str) else None
        response = Response(given) if given is not None else jsonify(fault.body)
        response.status_code = fault.status
        response.headers.update(fault.headers)
        return response
    status = 503 if fault.kind == "unavailable" else fault.status
    page = Response(OUTAGE.format(status=status), status=status, mimetype="text/html")
    if fault.kind == "unavailable" and not fault.bare:
        page.headers["Retry-After"] = str(fault.retry_after or 1)
    return page
