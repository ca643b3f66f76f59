"""A valid access token for a connection, renewed by one caller at a time.

Who renews is decided in the database: a conditional UPDATE takes a lease on the generation that was read. The
provider is asked outside any transaction and under a deadline shorter than the lease; one UPDATE that names the
generation writes both tokens and the expiry. Everybody else waits, within a time budget, and uses the result.
"""

from __future__ import annotations

import logging
import random
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from integrations.catalog import registry
from integrations.errors import ClientRefused, ConnectionGone, GrantLost, ProviderUnavailable, RefreshBusy
from integrations.models import Connection
from integrations.oauth import ClientRejected, GrantRejected, NoAnswer

from . import words
from .clients import client_of, place_of_client
from .grants import lose_grant, token_columns

if TYPE_CHECKING:
    from datetime import datetime

    from integrations.oauth import OAuthClient, Tokens
    from xoplatform.core.crypto import Secret
    from xoplatform.core.errors import PlatformError

log = logging.getLogger(__name__)

#: Seconds before the stored expiry at which a token counts as due.
MARGIN = 60.0
#: Seconds that a token must still live to be used while somebody else renews it.
LAST_USE = 5.0
#: Seconds that one caller may hold the right to renew.
LEASE = 60.0
#: Seconds for all requests of one renewal; shorter than the lease, so that two never overlap.
DEADLINE = 45.0
#: Seconds that a caller waits for a token where it names no budget.
BUDGET = 20.0
#: Seconds between two looks of a waiting caller, growing from the first to the second.
POLL = (0.05, 0.5)
#: Seconds after which a failed renewal is tried again: doubled each time, up to the second.
BACK_OFF = (1.0, 60.0)


@dataclass(frozen=True)
class AccessToken:
    """``value`` shows itself only through ``reveal()``; ``generation`` tells which renewal it came from."""

    value: Secret
    generation: int
    expires_at: datetime | None


def token_of(row: Connection) -> AccessToken:
    """The token as it is stored, whether or not it still lives."""
    return AccessToken(row.access_token, row.generation, row.expires_at)


def access_token(
    connection_id: int, *, budget: float = BUDGET, margin: float = MARGIN, rejected: int | None = None
) -> AccessToken:
    """A token that lives for at least ``margin`` seconds, if the provider can be reached within ``budget`` seconds.

    ``rejected`` is the generation of a token that the provider refused although it should live. While the
    provider is out of reach, a token that still lives is returned. Raises GrantLost, ClientRefused,
    ProviderUnavailable or RefreshBusy. Open no database transaction around it.
    """
    give_up = time.monotonic() + budget
    pause = POLL[0]
    while True:
        row = _read(connection_id)
        if row.kind == Connection.Kind.BASIC:
            return token_of(row)  # an API token cannot be renewed: the one there is, is the one
        if not row.refresh_token:
            margin = LAST_USE  # nothing can renew it, so it is used to its end
        if row.generation != rejected and row.lives_for(margin):
            return token_of(row)
        last_use = row.generation != rejected and row.lives_for(LAST_USE)
        try:
            if _claim(row):
                _renew(row)
                # A provider may give tokens that live shorter than the margin; asking once more would not help.
                margin = LAST_USE
                continue
        except (ProviderUnavailable, ClientRefused):
            if last_use:
                return token_of(row)
            raise
        if last_use:
            return token_of(row)
        if time.monotonic() + pause > give_up:
            raise RefreshBusy(provider=_title(row))
        time.sleep(pause)
        pause = min(pause * 1.5, POLL[1])


def _read(connection_id: int) -> Connection:
    row = Connection.objects.select_related("action__app", "action__profile").filter(pk=connection_id).first()
    if row is None:
        raise ConnectionGone
    if row.state == Connection.State.NEEDS_AUTHORIZATION or not row.access_token:
        raise _lost(row)
    return row


def _title(row: Connection) -> str:
    return registry.provider(row.action.provider).manifest.title


def _lost(row: Connection) -> GrantLost:
    return GrantLost(provider=_title(row), account=row.account_name or row.account_id or "the account")


def _claim(row: Connection) -> bool:
    """Takes the right to renew this generation. Raises ProviderUnavailable while a failure is waited out."""
    now = timezone.now()
    if row.refresh_after is not None and row.refresh_after > now:
        raise ProviderUnavailable(provider=_title(row), reason=row.last_error or "it did not answer a moment ago")
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    lease = secrets.token_hex(16)
    taken = Connection.objects.filter(free, pk=row.pk, generation=row.generation).update(
        lease_token=lease, lease_until=now + timedelta(seconds=LEASE)
    )
    row.lease_token = lease
    return bool(taken)


def _renew(row: Connection) -> None:
    """Asks the provider and writes what came. Raises GrantLost, ClientRefused or ProviderUnavailable."""
    try:
        client = client_of(row.action)
        tokens = _ask(client, row)
    except GrantRejected as refusal:
        if lose_grant(row, words.lost(_title(row), row, _why_lost(client, row))):
            told = {"connection": row.pk, "provider": row.action.provider, "reason": refusal.words}
            log.warning("A grant was lost", extra=told)
            raise _lost(row) from None
        return  # somebody wrote a newer generation meanwhile: the caller reads it
    except ClientRejected:
        place = place_of_client(row.action)
        raise _failed(row, ClientRefused(provider=_title(row), where=place.where, who=place.who)) from None
    except NoAnswer as silence:
        reason = words.silence(silence.words)
        raise _failed(row, ProviderUnavailable(provider=_title(row), reason=reason)) from None
    except BaseException:
        _let_go(row)
        raise
    columns = token_columns(row.action.provider, tokens)
    if tokens.refresh_token is None:
        log.warning("A refresh brought no new refresh token; the old one is kept", extra={"connection": row.pk})
    same = Connection.objects.filter(pk=row.pk, generation=row.generation)
    same.update(**columns, last_refreshed_at=timezone.now())


def _why_lost(client: OAuthClient, row: Connection) -> words.Loss:
    """What we know of the reason ourselves: the provider's text is for programmers, and in any language."""
    if not row.refresh_token:
        return "not_renewable"
    return "other_client" if row.client_id and row.client_id != client.client_id else "refused"


def _ask(client: OAuthClient, row: Connection) -> Tokens:
    """One renewal. A lost answer is asked for again at once with the same refresh token, once."""
    if row.client_id and row.client_id != client.client_id:
        raise GrantRejected("it was given to another client")
    if not row.refresh_token and client.grant == "client_credentials":
        return client.client_credentials(timeout=DEADLINE)  # RFC 6749 section 4.4.3: there is none, one asks again
    if not row.refresh_token:
        raise GrantRejected("no refresh token is held")
    deadline = time.monotonic() + DEADLINE
    try:
        return client.refresh(row.refresh_token, timeout=DEADLINE)
    except NoAnswer:
        left = deadline - time.monotonic()
        if left < 1:
            raise
        return client.refresh(row.refresh_token, timeout=left)


def _failed(row: Connection, error: PlatformError) -> PlatformError:
    """Lets go of the lease and notes when to try again; the refresh token stays as it is."""
    failures = row.refresh_failures + 1
    wait = min(BACK_OFF[0] * 2 ** min(failures - 1, 10), BACK_OFF[1]) * random.uniform(0.7, 1.3)  # noqa: S311
    Connection.objects.filter(pk=row.pk, lease_token=row.lease_token).update(
        lease_token="",
        lease_until=None,
        refresh_failures=failures,
        refresh_after=timezone.now() + timedelta(seconds=wait),
        last_error=error.message,
    )
    return error


def _let_go(row: Connection) -> None:
    Connection.objects.filter(pk=row.pk, lease_token=row.lease_token).update(lease_token="", lease_until=None)
