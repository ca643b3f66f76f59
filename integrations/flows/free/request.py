"""Sends a free request: guarded like every request, recorded like every call, never repeated unless it may be."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode, urlsplit

from integrations.errors import AddressForbidden, ProviderUnavailable, RefreshBusy, RequestUnfit
from integrations.flows import kept_answers, traces, words
from integrations.flows.call import Stop, announce
from integrations.flows.call_result import CallResult
from integrations.flows.masking import forms_of, mask
from integrations.flows.transport import Budget, Lost, send
from integrations.models import OperationCall
from integrations.oauth import with_query
from xoplatform.core.errors import PlatformError
from xoplatform.core.exchange import Outgoing
from xoplatform.logs import redact

from .credentials import Credentials, credentials_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from integrations.catalog.base import Reply
    from integrations.catalog.operations import JSON
    from integrations.flows.call_result import Outcome
    from integrations.models import AuthorizationProfile

Status = OperationCall.Status
#: "Too many requests" and "unavailable" (RFC 6585 section 4, RFC 9110 section 15.6.4).
LATER = (429, 503)
ACCEPT = "application/json, */*;q=0.8"
XML = "application/xml; charset=utf-8"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class FreeRequest:
    """A request with its values filled in; ``url`` is percent-encoded, ``query`` is added to it.

    ``repeatable`` says whether it may be sent again when its answer was lost.
    """

    method: str
    url: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: JSON = None
    body_format: Literal["json", "form", "xml"] = "json"
    profile: str = ""
    repeatable: bool = False

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def title(self) -> str:
        """What people call it: nothing but method and host is sure to hold no data of theirs."""
        return f"{self.method} {self.host}"[:100]


@dataclass
class _UnderWay:
    request: FreeRequest
    budget: Budget
    record: OperationCall
    credentials: Credentials = field(default_factory=Credentials)

    def outgoing(self) -> Outgoing:
        return outgoing(self.request, self.credentials)


def send_free(
    *,
    app_id: int,
    end_user_id: int | None,
    request: FreeRequest,
    timeout: float,
    before_send: Callable[[OperationCall], None] | None = None,
    reference: str = "",
    cache_for: float = 0,
) -> CallResult:
    """Sends a request that is no provider's operation, signed in by a profile of the App if it names one.

    As `flows.call.call` in everything: it never raises for what the other side, a network or a configuration does,
    ``timeout`` covers everything, and a request that may not be repeated is announced by ``before_send``.
    """
    started = time.perf_counter()
    call = _UnderWay(request, Budget(timeout), _record(request, app_id, end_user_id, reference))
    try:
        call.credentials, profile = credentials_for(request.profile, app_id, end_user_id, request.url, call.budget)
        _note_grant(call)
        ready = call.outgoing()
        key = _key(call, profile) if cache_for and request.repeatable else ""
    except (PlatformError, Stop) as error:
        return _close(_explain(error, call), call, started)
    if key and (kept := kept_answers.find(key, cache_for)):
        return kept
    if not request.repeatable:
        announce(call.record, before_send)  # what the caller raises stops the call
    try:
        result = _carry_out(call, ready)
    except (PlatformError, Stop) as error:
        result = _explain(error, call)
    closed = _close(result, call, started)
    if key:
        kept_answers.keep(key, closed)
    return closed


def _record(request: FreeRequest, app_id: int, end_user_id: int | None, reference: str) -> OperationCall:
    parts = urlsplit(request.url)
    return OperationCall(
        app_id=app_id,
        end_user_id=end_user_id,
        reference=reference,
        operation=request.title,
        method=request.method,
        path=parts.path[:2000],
        site=request.host[:200],
        request=_trace_of(request),
    )


def _note_grant(call: _UnderWay) -> None:
    if (row := call.credentials.connection) is not None:
        record = call.record
        record.connection_id, record.action_id, record.account = row.pk, row.action_id, row.account_id


def _trace_of(request: FreeRequest) -> dict[str, Any]:
    """As people may read it: as it was written, before the profile put anything in."""
    headers = redact(dict(request.headers))
    url = redact(_with_query(request.url, request.query))
    known = {"method": request.method, "url": url, "body": traces.shorten(redact(request.body))}
    return known | ({"headers": headers} if headers else {})


def outgoing(request: FreeRequest, credentials: Credentials) -> Outgoing:
    """The request with its credentials. Raises RequestUnfit."""
    extras = credentials.extras
    headers: dict[str, str | bytes] = {"Accept": ACCEPT}
    headers |= {name: _header(request, name, text) for name, text in request.headers.items()}
    headers |= extras.header
    body, data = request.body, None
    if extras.payload:
        if request.body_format == "xml" or not isinstance(body, dict | None):
            problem = "its profile puts values into the body, which has no fields"
            raise RequestUnfit(host=request.host, problem=problem)
        body = {**(body or {}), **extras.payload}
    if body is not None and request.body_format != "json":
        data = str(body).encode() if request.body_format == "xml" else _form(request, body)
        kind = XML if request.body_format == "xml" else FORM
        headers = {"Content-Type": kind, **headers}
    url = with_query(_with_query(request.url, request.query), extras.query)
    return Outgoing(request.method, url, None if data is not None else body, data, headers, credentials.auth)


def _header(request: FreeRequest, name: str, text: str) -> bytes:
    # RFC 9110 section 5.5: whoever could put a line break in could put in headers of their own.
    if any(ord(sign) < 32 and sign != "\t" for sign in text) or "\x7f" in text:  # noqa: PLR2004 -- control characters
        raise RequestUnfit(host=request.host, problem=f"the value of “{name}” holds a line break")
    return text.strip().encode()


def _form(request: FreeRequest, body: JSON) -> bytes:
    if not isinstance(body, dict):
        raise RequestUnfit(host=request.host, problem="a form needs names with values")
    return urlencode(_pairs(body), errors="replace").encode()


def _with_query(url: str, values: Mapping[str, Any]) -> str:
    """The address with values behind those that it has; None is left out, a list is sent item by item."""
    query = urlencode(_pairs(values), quote_via=quote, errors="replace")
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _pairs(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    listed = ((name, value if isinstance(value, list) else [value]) for name, value in values.items())
    return [(name, _text(item)) for name, items in listed for item in items if item is not None]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _key(call: _UnderWay, profile: AuthorizationProfile | None) -> str:
    """Whoever talks is part of it: what a free request asks for may be about them, whatever it is signed in with."""
    request, record, row = call.request, call.record, call.credentials.connection
    grant = row and (traces.mark_of(row), row.site_id)
    signed = profile and (profile.pk, profile.updated_at)
    shape = (request.method, request.url, dict(request.query), dict(request.headers), request.body, request.body_format)
    return kept_answers.key_of("free", record.app_id, record.end_user_id, grant, signed, shape)


def _carry_out(call: _UnderWay, ready: Outgoing) -> CallResult:
    try:
        reply = _send(call, ready)
        if reply.status == 401 and call.credentials.renew:  # noqa: PLR2004
            # Whoever refuses a token does so before the request is carried out.
            call.credentials = call.credentials.renew()
            reply = _send(call, call.outgoing())
        return _answered(call, reply)
    except Lost as lost:
        return _lost(call, lost)


def _send(call: _UnderWay, ready: Outgoing) -> Reply:
    return send(ready, call.budget, repeat=call.request.repeatable, come_later=lambda reply: reply.status in LATER)


def _answered(call: _UnderWay, reply: Reply) -> CallResult:
    hidden = forms_of(call.credentials.secrets)
    headers, body = mask(dict(reply.headers), hidden), mask(reply.body, hidden)
    shown = {"status": reply.status, "headers": traces.telling(headers), "body": traces.shorten(redact(body))}
    call.record.http_status, call.record.response = reply.status, shown
    result = CallResult("answered", reply.status, body, traces.telling(headers))
    if reply.status < 400:  # noqa: PLR2004
        return _end(call, result, Status.SUCCEEDED)
    result.message = words.status_of(call.request.host, reply.status)
    # An answer of a broken gateway does not say whether the request was carried out.
    unsure = reply.status in (500, 502, 504) and not call.request.repeatable
    return _end(call, result, Status.UNKNOWN if unsure else Status.FAILED)


def _lost(call: _UnderWay, lost: Lost) -> CallResult:
    host, title = call.request.host, call.request.title
    if lost.kind in ("AddressRefused", "InvalidIPAddress"):
        why = "its address is private" if lost.kind == "InvalidIPAddress" else "it is private or not reached over https"
        return _explain(AddressForbidden(host=host, problem=why), call)
    if lost.left and not call.request.repeatable:
        message = words.unknown_at(host, title)
        return _end(call, CallResult("unknown", message=message, late=lost.timed_out), Status.UNKNOWN)
    outcome: Outcome = "timed_out" if lost.timed_out else "unreachable"
    return _end(call, CallResult(outcome, message=words.out_of_reach_at(host, title, outcome)), Status.FAILED)


def _end(call: _UnderWay, result: CallResult, status: OperationCall.Status) -> CallResult:
    call.record.status, call.record.error = status, result.message
    result.record = call.record
    return result


def _explain(error: PlatformError | Stop, call: _UnderWay) -> CallResult:
    """The result of a request that was not sent because of us, the configuration or the grant."""
    outcome: Outcome = "refused"
    if isinstance(error, Stop):
        outcome = error.outcome
    elif isinstance(error, ProviderUnavailable | RefreshBusy):
        outcome = "unreachable"
    provider = error.provider if isinstance(error, Stop) else ""
    return _end(call, CallResult(outcome, message=error.message, provider=provider), Status.FAILED)


def _close(result: CallResult, call: _UnderWay, started: float) -> CallResult:
    result.duration_ms = round((time.perf_counter() - started) * 1000, 1)
    record, row = call.record, call.credentials.connection
    record.duration_ms = round(result.duration_ms)
    result.trace = {"request": record.request, "response": record.response, "site": record.site}
    if row is not None:
        result.grant, result.trace["connection"] = traces.mark_of(row), traces.of_connection(row)
    if record.pk is not None:
        record.save(update_fields=["status", "http_status", "duration_ms", "response", "error"])
    return result
