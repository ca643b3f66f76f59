"""The one function through which every call of a provider's API goes."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from integrations.catalog import registry
from integrations.catalog.base import Provider, Reaction, Refused, Reply
from integrations.catalog.rendering import Rendered, render
from integrations.errors import ConnectionGone, GrantLost, ProviderUnavailable, RefreshBusy
from integrations.models import Action, Connection, OperationCall
from integrations.models.statements import grant_of
from xoplatform.core.errors import PlatformError

from . import traces, words
from .call_result import CallResult
from .grants import lose_grant
from .platform import Bearer, auth_of
from .refresh import MARGIN, AccessToken, access_token, token_of
from .sites import notice
from .transport import Budget, Lost, send

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from integrations.catalog.operations import JSON, Operation

    from .call_result import Outcome

#: How old the note of the last use may grow before it is written again; saves a write on most calls.
USE_NOTED_EVERY = timedelta(minutes=1)

Status = OperationCall.Status


class Stop(Exception):
    """The call ends here without an answer to hand on."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        self.outcome: Outcome = outcome
        self.message = message
        super().__init__(message)


@dataclass
class Call:
    """One call under way."""

    provider: Provider
    operation: Operation
    request: Rendered
    base: str
    connection: Connection
    record: OperationCall
    budget: Budget


def call(
    *,
    app_id: int,
    end_user_id: int | None,
    provider: str,
    operation: str,
    parameters: Mapping[str, Any],
    body: JSON,
    timeout: float,
    before_send: Callable[[OperationCall], None] | None = None,
    reference: str = "",
) -> CallResult:
    """See `integrations.api.call_operation`."""
    started, budget = time.perf_counter(), Budget(timeout)
    connection: Connection | None = None
    under_way: Call | None = None
    try:
        connection = grant_for(app_id, end_user_id, provider)
        under_way = _prepare(connection, operation, parameters, body, budget)
        under_way.record.reference, under_way.record.end_user_id = reference, end_user_id
        token = _token(under_way)
        connection.generation = token.generation
    except (PlatformError, Stop) as error:
        return _close(_explain(error, under_way), started, connection)
    if not under_way.operation.idempotent:
        _announce(under_way.record, before_send)  # what the caller raises stops the call
    try:
        result = _carry_out(under_way, token)
    except (PlatformError, Stop) as error:
        result = _explain(error, under_way)
    return _close(result, started, connection)


def grant_for(app_id: int, end_user_id: int | None, provider: str) -> Connection:
    """The connection to act with, in one query when all is well. Raises Stop."""
    row = grant_of(app_id, end_user_id, provider)
    title = registry.provider(provider).manifest.title
    if row is None:
        action = Action.objects.select_related("app").filter(app_id=app_id, provider=provider).first()
        raise _no_grant(action, title)
    action = row.action
    if action.status == Action.Status.ERROR:
        raise Stop("authorization_required", words.in_error(title, action))
    if action.status != Action.Status.ENABLED:
        raise Stop("refused", words.not_enabled(title, action))
    if not row.usable:
        raise Stop("authorization_required", words.unusable(title, row))
    return row


def _no_grant(action: Action | None, title: str) -> Stop:
    if action is None or action.status in (Action.Status.AVAILABLE, Action.Status.DISABLED):
        return Stop("refused", words.not_enabled(title, action))
    return Stop("authorization_required", words.no_grant(title, action))


def _prepare(connection: Connection, name: str, parameters: Mapping[str, Any], body: JSON, budget: Budget) -> Call:
    provider = registry.provider(connection.action.provider)
    operation = registry.operation(provider.manifest.name, name)
    title = provider.manifest.title
    if connection.sites and connection.site_id not in {site["id"] for site in connection.sites}:
        raise Stop("refused", words.foreign_site(title, connection))
    request = render(operation, parameters, body, provider=title)
    if missing := operation.missing_scopes(connection.scopes):
        raise Stop("authorization_required", words.missing_scopes(title, operation, missing))
    base, request = _where(provider, operation, connection, request)
    record = OperationCall(
        app_id=connection.action.app_id,
        action_id=connection.action_id,
        connection_id=connection.pk,
        provider=provider.manifest.name,
        operation=operation.name,
        method=request.method,
        path=request.path,
        site=connection.site_name,
        account=connection.account_id,
        request=traces.of_request(request, base),
    )
    return Call(provider, operation, request, base, connection, record, budget)


def _where(provider: Provider, operation: Operation, connection: Connection, request: Rendered) -> tuple[str, Rendered]:
    """The base address and the request for it. An API token works at its site and nowhere else."""
    api = provider.manifest.api
    if operation.base == "site":
        return connection.base or api.site.url(site_id=connection.site_id), request
    if connection.kind != Connection.Kind.BASIC:
        return api.platform.url(), request
    path = provider.at_site(operation)
    if path is None:
        raise Stop("refused", words.needs_oauth(provider.manifest.title, operation))
    return connection.site_url, replace(request, path=path)


def _token(call: Call) -> AccessToken:
    if call.connection.lives_for(MARGIN):
        return token_of(call.connection)
    return access_token(call.connection.pk, budget=call.budget.left)


def _announce(record: OperationCall, before_send: Callable[[OperationCall], None] | None) -> None:
    """Commits that the call is about to leave; after a crash it stays "started": unknown, and not repeated."""
    if before_send is not None:
        before_send(record)
    if record.pk is None:
        record.save()


def _carry_out(call: Call, token: AccessToken) -> CallResult:
    try:
        return _answered(call, _send(call, token))
    except Lost as lost:
        return _lost(call, lost)


def _send(call: Call, token: AccessToken) -> Reply:
    """Sends, and once more with a renewed token if this one is refused although it should live."""
    repeat = call.operation.idempotent
    auth = auth_of(call.connection, token.value)
    reply = send(call.provider, call.base, call.request, auth, call.budget, repeat=repeat)
    if call.provider.reaction(reply) is not Reaction.RENEW_TOKEN:
        return reply
    if call.connection.kind == Connection.Kind.BASIC:
        raise _gone(call, words.token_ended(call.provider.manifest.title, call.connection))
    fresh = access_token(call.connection.pk, budget=call.budget.left, rejected=token.generation)
    call.connection.generation = fresh.generation
    reply = send(call.provider, call.base, call.request, Bearer(fresh.value), call.budget, repeat=repeat)
    if call.provider.reaction(reply) is Reaction.RENEW_TOKEN:
        raise _gone(call, words.rejected(call.provider.manifest.title, call.connection))
    return reply


def _gone(call: Call, message: str) -> Stop:
    lose_grant(call.connection, message)
    return Stop("authorization_required", message)


def _lost(call: Call, lost: Lost) -> CallResult:
    title = call.provider.manifest.title
    if lost.left and not call.operation.idempotent:
        return _end(call, CallResult("unknown", message=words.unknown(title, call.operation)), Status.UNKNOWN)
    outcome: Outcome = "timed_out" if lost.timed_out else "unreachable"
    return _end(call, CallResult(outcome, message=words.out_of_reach(title, call.operation, outcome)), Status.FAILED)


def _answered(call: Call, reply: Reply) -> CallResult:
    title, reaction = call.provider.manifest.title, call.provider.reaction(reply)
    call.record.http_status, call.record.response = reply.status, traces.of_reply(reply)
    call.record.account = reply.headers.get(call.provider.manifest.api.account_header.lower(), call.record.account)
    if reaction is Reaction.ASK_FOR_SCOPES:
        message = words.missing_scopes(title, call.operation, call.operation.scopes)
        return _end(call, CallResult("authorization_required", reply.status, message=message), Status.FAILED)
    result = CallResult("answered", reply.status, reply.body, traces.telling(reply.headers))
    if reaction is Reaction.SITE_GONE:
        result.message = words.site_gone(title, call.connection)
    if reply.status < 400:  # noqa: PLR2004
        return _succeeded(call, result)
    result.message = result.message or call.provider.words(reply)
    # An answer of a broken gateway does not say whether the request was carried out.
    unsure = reply.status in (500, 502, 504) and not call.operation.idempotent
    return _end(call, result, Status.UNKNOWN if unsure else Status.FAILED)


def _succeeded(call: Call, result: CallResult) -> CallResult:
    site = {"id": call.connection.site_id, "name": call.connection.site_name, "url": call.connection.site_url}
    _note_sites(call, result.body)
    try:
        result.body = call.provider.adapt(call.operation, result.body, site)
    except Refused as refusal:
        return _end(call, CallResult("refused", result.status_code, message=str(refusal)), Status.FAILED)
    _note_use(call.connection)
    return _end(call, result, Status.SUCCEEDED)


def _note_sites(call: Call, body: JSON) -> None:
    """Notes sites that joined the grant. They are offered to people and change nothing about this call."""
    known = {site["id"] for site in call.connection.sites}
    told = call.provider.sites_told(call.operation, body)
    if any(site.id not in known for site in told):
        notice(call.connection, told)


def _note_use(connection: Connection) -> None:
    now = timezone.now()
    if connection.last_used_at is None or now - connection.last_used_at > USE_NOTED_EVERY:
        Connection.objects.filter(pk=connection.pk).update(last_used_at=now)


def _end(call: Call, result: CallResult, status: OperationCall.Status) -> CallResult:
    call.record.status, call.record.error = status, result.message
    result.record = call.record
    return result


def _explain(error: PlatformError | Stop, call: Call | None) -> CallResult:
    """The result of a call that did not get an answer because of us, the configuration or the grant."""
    outcome: Outcome = "refused"
    if isinstance(error, Stop):
        outcome = error.outcome
    elif isinstance(error, GrantLost | ConnectionGone):
        outcome = "authorization_required"
    elif isinstance(error, ProviderUnavailable | RefreshBusy):
        outcome = "unreachable"
    result = CallResult(outcome, message=error.message)
    return result if call is None else _end(call, result, Status.FAILED)


def _close(result: CallResult, started: float, connection: Connection | None) -> CallResult:
    """Fills in what the end of every call has in common, and stores a record that was announced."""
    result.duration_ms = round((time.perf_counter() - started) * 1000, 1)
    if connection is not None:
        result.grant, result.trace = traces.mark_of(connection), {"connection": traces.of_connection(connection)}
    if (record := result.record) is not None:
        record.duration_ms = round(result.duration_ms)
        result.trace |= {
            "request": record.request,
            "response": record.response,
            "site": record.site,
            "account": record.account,
        }
        if record.pk is not None:
            record.save(update_fields=["status", "http_status", "duration_ms", "account", "response", "error"])
    return result
