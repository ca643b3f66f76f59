"""The one function through which every call of a provider's API goes."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from integrations.catalog import registry
from integrations.catalog.base import Provider, Reaction, Refused, Reply
from integrations.catalog.rendering import Rendered, render
from integrations.errors import ClientRefused, ConnectionGone, GrantLost, ProviderUnavailable, RefreshBusy
from integrations.models import Action, Connection, OperationCall
from integrations.models.statements import end_call, grant_of, start_call
from xoplatform.core.errors import PlatformError
from xoplatform.core.exchange import Outgoing
from xoplatform.logs import redact

from . import due, kept_answers, traces, words
from .call_result import CallResult
from .grants import lose_grant
from .platform import Bearer, auth_of
from .refresh import MARGIN, AccessToken, access_token, token_of
from .sites import notice
from .transport import Budget, Lost, send

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from requests.auth import AuthBase

    from integrations.catalog.operations import JSON, Operation

    from .call_result import Outcome
    from .grants_in_hand import GrantsInHand

Status = OperationCall.Status
UNKNOWN = Status.UNKNOWN
ACCEPT: Final = {"Accept": "application/json"}


class Stop(Exception):
    """The call ends here without an answer to hand on."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        self.outcome: Outcome = outcome
        self.message = message
        #: Which provider is meant, where the caller could not know it.
        self.provider = ""
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
    #: Whether the stored connection is no longer as it was read.
    changed: bool = False


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
    cache_for: float = 0,
    grants: GrantsInHand | None = None,
) -> CallResult:
    """Calls a provider's operation with the grant that the App's action holds for this end user.

    Never raises for what a provider, a network or a configuration does: the outcome says it. ``timeout`` is in
    seconds and covers everything, waiting for a token and permitted retries included. Open no database
    transaction around it. ``before_send(record)`` is invoked just before a request that is not idempotent
    leaves, so that the caller can commit `integrations.api.record_start` with its own claim; what it raises stops
    the call and is passed on. Without it the record is saved here. An answer of the last ``cache_for`` seconds to the
    same call with the same grant is used instead, if the operation may be repeated; nothing is sent and recorded
    then. ``grants`` are those that the caller's last calls were made with: for calls that follow each other at once.
    """
    started, budget = time.perf_counter(), Budget(timeout)
    connection: Connection | None = None
    under_way: Call | None = None
    owner = (app_id, end_user_id, provider)
    try:
        in_hand = grants.take(owner) if grants is not None else None
        read_at, connection = in_hand or (time.monotonic(), grant_for(*owner))
        under_way = _prepare(connection, operation, parameters, body, budget)
        key = _key(under_way) if cache_for and under_way.operation.idempotent else ""
        if key and (kept := kept_answers.find(key, cache_for)):
            return kept
        under_way.record.reference, under_way.record.end_user_id = reference, end_user_id
        token = _token(under_way)
        connection.generation = token.generation
    except (PlatformError, Stop) as error:
        return _close(_explain(error, under_way), started, connection)
    if not under_way.operation.idempotent:
        announce(under_way.record, before_send)  # what the caller raises stops the call
    try:
        result = _carry_out(under_way, token)
    except (PlatformError, Stop) as error:
        result = _explain(error, under_way)
    closed = _close(result, started, connection)
    if key:
        kept_answers.keep(key, closed)
    unchanged = under_way.record.status == Status.SUCCEEDED and not (connection.renewed or under_way.changed)
    if grants is not None and unchanged:
        grants.put_back(owner, read_at, connection)
    return closed


def _key(call: Call) -> str:
    """What an answer depends on: a consent, its site, and the request. Another consent makes another key."""
    row, request = call.connection, call.request
    grant = (traces.mark_of(row), row.site_id, row.scopes)
    return kept_answers.key_of("operation", grant, call.base, request.method, request.target, request.body)


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
        path=redact(request.path),
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
    token = access_token(call.connection.pk, budget=call.budget.left)
    call.connection.renewed = token.generation != call.connection.generation
    return token


def announce(record: OperationCall, before_send: Callable[[OperationCall], None] | None) -> None:
    """Commits that the call is about to leave; after a crash it stays "started": unknown, and not repeated."""
    if before_send is not None:
        before_send(record)
    if record.pk is None:
        start_call(record)


def _carry_out(call: Call, token: AccessToken) -> CallResult:
    try:
        return _answered(call, _send(call, token))
    except Lost as lost:
        return _lost(call, lost)


def _send(call: Call, token: AccessToken) -> Reply:
    """Sends, and once more with a renewed token if this one is refused and has ended."""
    reply = _once(call, auth_of(call.connection, token.value))
    if not _has_ended(call, token, reply):
        return reply
    if call.connection.kind == Connection.Kind.BASIC:
        raise _gone(call, words.token_ended(call.provider.manifest.title, call.connection))
    # Repeating is safe for calls that change something, too: whoever refuses a token does so before the request is
    # carried out. That holds for 401, and for 403 and 404 in the gateway's own form, because the gateway stands before
    # the system that would act and hands nothing on that it answers itself.
    fresh = access_token(call.connection.pk, budget=call.budget.left, rejected=token.generation)
    call.connection.generation, call.connection.renewed = fresh.generation, True
    reply = _once(call, Bearer(fresh.value))
    if call.provider.reaction(reply) is Reaction.RENEW_TOKEN:
        raise _gone(call, words.rejected(call.provider.manifest.title, call.connection))
    return reply


def _once(call: Call, auth: AuthBase) -> Reply:
    request, reaction = call.request, call.provider.reaction
    outgoing = Outgoing(request.method, f"{call.base}{request.target}", request.body, headers=ACCEPT, auth=auth)
    return send(
        outgoing,
        call.budget,
        repeat=call.operation.idempotent,
        come_later=lambda reply: reaction(reply) is Reaction.COME_LATER,
    )


def _has_ended(call: Call, token: AccessToken, reply: Reply) -> bool:
    """Whether the token is what was refused: the provider says so, or it may mean that and the stored expiry agrees.

    An answer that has other meanings as well, such as "no such site", never renews a token that lives: each renewal
    spends a refresh token. Within `MARGIN` of the expiry the provider's clock may be ahead of ours.
    """
    if call.provider.reaction(reply) is Reaction.RENEW_TOKEN:
        return True
    if call.connection.kind == Connection.Kind.BASIC or token.expires_at is None:
        return False
    is_over = token.expires_at - timezone.now() <= timedelta(seconds=MARGIN)
    return is_over and call.provider.may_have_expired(reply)


def _gone(call: Call, message: str) -> Stop:
    lose_grant(call.connection, message)
    return Stop("authorization_required", message)


def _lost(call: Call, lost: Lost) -> CallResult:
    title = call.provider.manifest.title
    if lost.left and not call.operation.idempotent:
        message = words.unknown(title, call.operation)
        return _end(call, CallResult("unknown", message=message, late=lost.timed_out), Status.UNKNOWN)
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
        if _is_a_page(reply) and not call.operation.idempotent:
            return _end(call, replace(result, outcome="unknown", message=words.unknown(title, call.operation)), UNKNOWN)
        return _succeeded(call, result)
    result.message = result.message or call.provider.words(reply)
    # An answer of a broken gateway does not say whether the request was carried out.
    unsure = reply.status in (500, 502, 504) and not call.operation.idempotent
    return _end(call, result, Status.UNKNOWN if unsure else Status.FAILED)


def _is_a_page(reply: Reply) -> bool:
    """Whether it comes from something in between, such as a proxy: a provider's API answers no web page."""
    return isinstance(reply.body, str) and reply.headers.get("content-type", "").startswith("text/html")


def _succeeded(call: Call, result: CallResult) -> CallResult:
    site = {"id": call.connection.site_id, "name": call.connection.site_name, "url": call.connection.site_url}
    _note_sites(call, result.body)
    try:
        result.body = call.provider.adapt(call.operation, result.body, site)
    except Refused as refusal:
        return _end(call, CallResult("refused", result.status_code, message=str(refusal)), Status.FAILED)
    due.used(call.connection)
    return _end(call, result, Status.SUCCEEDED)


def _note_sites(call: Call, body: JSON) -> None:
    """Notes sites that joined the grant. They are offered to people and change nothing about this call."""
    known = {site["id"] for site in call.connection.sites}
    told = call.provider.sites_told(call.operation, body)
    if any(site.id not in known for site in told):
        notice(call.connection, told)
        call.changed = True


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
    message = error.message
    if isinstance(error, ClientRefused) and call is not None:
        message = words.client_refused(call.provider.manifest.title, call.connection, call.operation)
    result = CallResult(outcome, message=message)
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
            end_call(record)
    return result
