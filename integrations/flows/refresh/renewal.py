"""One renewal: the provider is asked outside any transaction, and one UPDATE writes what came."""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now
from django.utils import timezone

from integrations.catalog import registry
from integrations.errors import ClientRefused, ProviderUnavailable
from integrations.flows import client_faults, words
from integrations.flows.clients import client_of, place_of_client
from integrations.flows.grants import lose_grant, renewed_columns
from integrations.models import TokenRefresh
from integrations.oauth import ClientRejected, GrantRejected, NoAnswer, RequestRejected
from xoplatform.core.errors import PlatformError

from . import leases
from .times import BACK_OFF, KEEP_TRYING, WORTH_ASKING

if TYPE_CHECKING:
    from datetime import datetime

    from integrations.models import Connection
    from integrations.oauth import OAuthClient, TokenError, Tokens

    from .leases import Lease

log = logging.getLogger(__name__)

Outcome = TokenRefresh.Outcome


@dataclass(frozen=True)
class Answer:
    """What the token endpoint said, when it was asked, and when the whole of it was here."""

    client: OAuthClient
    tokens: Tokens | None
    trouble: TokenError | None
    requests: int
    #: Before the request that was answered left: from here on the token's life is counted, to be on the safe side.
    asked_at: datetime
    #: Seconds from the first request to the answer.
    took: float
    #: By this process's clock for measuring.
    here_at: float


def renew(lease: Lease) -> Outcome:
    """Asks and writes. Whatever happens, the lease is given back, or taken over by whoever finds it an orphan.

    Raises what `client_of` raises; nothing was sent then.
    """
    row = lease.row
    try:
        if not client_faults.may_ask(row.action, client_of(row.action)):
            leases.let_go(lease, Outcome.CLIENT_REFUSED, "Somebody else tries the refused client.")
            return Outcome.CLIENT_REFUSED
        answer = ask(lease)
    except PlatformError as error:  # nothing could be sent: client, profile or provider are missing
        leases.let_go(lease, Outcome.CLIENT_REFUSED, error.message, last_error=error.message)
        raise
    except BaseException:
        leases.let_go(lease, Outcome.UNAVAILABLE, "The renewal broke off before anything was stored.")
        raise
    return keep(lease, answer)


def ask(lease: Lease) -> Answer:
    """The token endpoint's answer. A request whose answer was lost is repeated at once with the same token, once.

    Raises what `client_of` raises; nothing was sent then.
    """
    row = lease.row
    client = client_of(row.action)
    requests, began = 0, time.perf_counter()
    while True:
        asked_at, requests = timezone.now(), requests + 1
        tokens, trouble = None, None
        try:
            tokens = _once(client, row, lease.left)
        except (GrantRejected, ClientRejected, NoAnswer) as error:
            trouble = error
        here = time.perf_counter()
        lost = isinstance(trouble, NoAnswer) and trouble.acted
        if not lost or requests > 1 or lease.left < WORTH_ASKING:
            return Answer(client, tokens, trouble, requests, asked_at, here - began, here)


def _once(client: OAuthClient, row: Connection, timeout: float) -> Tokens:
    if row.client_id and row.client_id != client.client_id:
        raise GrantRejected("it was given to another client")
    if timeout <= 0:
        # The process was held up, and somebody else may have the right by now: nothing is sent any more.
        raise NoAnswer("the time to ask was over before the request left", acted=False)
    if row.refresh_token:
        return client.refresh(row.refresh_token, timeout=timeout)
    if client.grant == "client_credentials":
        return client.client_credentials(timeout=timeout)  # RFC 6749 section 4.4.3: there is none, one asks again
    raise GrantRejected("no refresh token is held")


def keep(lease: Lease, answer: Answer) -> Outcome:
    """Writes the answer, if the lease and the generation are still those it was asked for."""
    if answer.tokens is not None:
        return _keep_tokens(lease, answer, answer.tokens)
    if isinstance(answer.trouble, GrantRejected) and not isinstance(answer.trouble, RequestRejected):
        return _lost(lease, answer, answer.trouble)
    return _failed(lease, answer)


def _keep_tokens(lease: Lease, answer: Answer, tokens: Tokens) -> Outcome:
    # From here to the end of this statement a crash would cost what the provider has just given.
    columns = renewed_columns(lease.row, tokens, answer.asked_at)
    written = _write(lease, columns)
    kept = (time.perf_counter() - answer.here_at) * 1000
    outcome = Outcome.RENEWED if written else Outcome.SUPERSEDED
    leases.close(lease, outcome, **_figures(answer), kept_ms=round(kept, 3))
    if not written:
        log.warning("A newer grant was stored while one was renewed", extra={"connection": lease.row.pk})
        return outcome
    if tokens.refresh_token is None and lease.row.refresh_token:
        log.warning("A refresh brought no new refresh token; the old one is kept", extra={"connection": lease.row.pk})
    client_faults.clear(lease.row.action)
    return outcome


def _write(lease: Lease, columns: dict[str, object]) -> int:
    """One UPDATE, committed when it returns. While the database is gone the answer is kept in hand."""
    give_up, pause = time.monotonic() + KEEP_TRYING, 0.05
    while True:
        try:
            return lease.held.update(**columns)
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > give_up:
                raise
            log.warning("The database did not take a new token; trying again", extra={"connection": lease.row.pk})
            connection.close()
            time.sleep(pause)
            pause = min(pause * 2, 1.0)


def _lost(lease: Lease, answer: Answer, refusal: TokenError) -> Outcome:
    row = lease.row
    reason = words.lost(_title(row), row, _why_lost(answer.client, row))
    marked = lose_grant(row, reason, lease=lease.token)
    client_faults.clear(row.action)  # who judges the grant has accepted the client
    if marked:
        told = {"connection": row.pk, "provider": row.action.provider, "reason": refusal.words}
        log.warning("A grant was lost", extra=told)
    # Not marked: somebody wrote a newer generation meanwhile, which is still good.
    outcome = Outcome.LOST if marked else Outcome.SUPERSEDED
    leases.close(lease, outcome, refusal.words, **_figures(answer))
    return outcome


def _why_lost(client: OAuthClient, row: Connection) -> words.Loss:
    """What we know of the reason ourselves: the provider's text is for programmers, and in any language."""
    if not row.refresh_token:
        return "not_renewable"
    return "other_client" if row.client_id and row.client_id != client.client_id else "refused"


def _failed(lease: Lease, answer: Answer) -> Outcome:
    """No answer, or a refusal of our client: neither says anything about the grant."""
    row, trouble = lease.row, answer.trouble
    said = trouble.words if trouble else ""
    if isinstance(trouble, ClientRejected | RequestRejected):
        client_faults.note(row.action, answer.client, said)
        # The row itself does not rest: whether it is asked for again is decided for all rows of this client.
        error = refused_client(row)
        leases.let_go(lease, Outcome.CLIENT_REFUSED, said, _figures(answer), last_error=error.message)
        return Outcome.CLIENT_REFUSED
    wanted = trouble.retry_after if isinstance(trouble, NoAnswer) else None
    reason = words.silence(said)
    message = ProviderUnavailable(provider=_title(row), reason=reason).message
    leases.let_go(lease, Outcome.UNAVAILABLE, reason, _figures(answer), **_resting(row, wanted), last_error=message)
    return Outcome.UNAVAILABLE


def refused_client(row: Connection) -> ClientRefused:
    """What is said while the provider does not accept our client: nobody's grant is lost by it."""
    place = place_of_client(row.action)
    return ClientRefused(provider=_title(row), where=place.where, who=place.who)


def _figures(answer: Answer) -> dict[str, Any]:
    return {"requests": answer.requests, "asked_ms": round(answer.took * 1000)}


def _title(row: Connection) -> str:
    return registry.provider(row.action.provider).manifest.title


def _resting(row: Connection, wanted: float | None = None) -> dict[str, object]:
    """When to try again: as the provider wants, or doubled with each failure. Jitter keeps callers apart."""
    failures = min(row.refresh_failures + 1, 10_000)
    usual = min(BACK_OFF[0] * 2 ** min(failures - 1, 10), BACK_OFF[1]) * random.uniform(0.7, 1.3)  # noqa: S311
    wait = max(usual, wanted or 0.0)
    return {"refresh_failures": failures, "refresh_after": Now() + timedelta(seconds=wait)}


def is_renewable(row: Connection) -> bool:
    """Whether anything can renew the token; otherwise it is used to its end."""
    return bool(row.refresh_token) or client_of(row.action).grant == "client_credentials"
