"""What callers ask for: a token that lives."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from integrations import metrics
from integrations.catalog import registry
from integrations.errors import ConnectionGone, GrantLost, ProviderUnavailable, RefreshBusy
from integrations.flows import client_faults, due
from integrations.flows.clients import client_of
from integrations.models import Connection, TokenRefresh
from xoplatform.core.errors import PlatformError

from . import leases, threads
from .flights import flight
from .renewal import is_renewable, refused_client
from .times import LAST_USE, MARGIN, PATIENCE, POLL, PULSE

if TYPE_CHECKING:
    from datetime import datetime

    from xoplatform.core.crypto import Secret

#: Seconds that a caller waits for a token where it names no budget.
BUDGET = 20.0

Outcome = TokenRefresh.Outcome


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
    connection_id: int,
    *,
    budget: float = BUDGET,
    margin: float = MARGIN,
    rejected: int | None = None,
    newer_than: int | None = None,
) -> AccessToken:
    """A token that lives for at least ``margin`` seconds, if the provider can be reached within ``budget`` seconds.

    ``rejected`` is the generation of a token that the provider refused although it should live; from now on nobody is
    given it. ``newer_than`` is one that is good, but not new enough for this caller. While the provider is out of
    reach, a token that still lives is returned; one that has ended is waited for, a few seconds at most, before
    ProviderUnavailable is raised. Raises GrantLost, ClientRefused, ConnectionGone, RefreshBusy when the budget ends
    while somebody renews (which goes on), or what `client_of` raises. Open no database transaction around it.
    """
    wanted = Wanted(margin, budget, rejected, newer_than)
    if connection.in_atomic_block:
        return _Look(connection_id, wanted).token()  # others do not see what this transaction sees
    while True:
        with flight(connection_id) as (shared, mine):
            if mine:
                shared.token = _Look(connection_id, wanted).token()
                return shared.token
        if not shared.landed.wait(wanted.left):
            raise RefreshBusy(provider="the provider")
        if shared.token is not None and wanted.is_met_by(shared.token, LAST_USE):
            return shared.token  # whether it lives long enough has been judged by the thread that looked it up


class Wanted:
    """What one caller needs, and how long it waits for it."""

    def __init__(self, margin: float, budget: float, rejected: int | None, newer_than: int | None) -> None:
        self.margin, self.rejected = margin, rejected
        self._unwanted = {rejected, newer_than}
        self._began = time.monotonic()
        self._give_up = self._began + budget

    @property
    def left(self) -> float:
        """Seconds of the budget that are left, at least 0."""
        return max(self._give_up - time.monotonic(), 0.0)

    @property
    def patience(self) -> float:
        """Seconds for which failures of the provider are still waited out."""
        return min(self._began + PATIENCE - time.monotonic(), self.left)

    def settle(self) -> None:
        """Takes what there is from now on."""
        self.margin = min(self.margin, LAST_USE)

    def is_met_by(self, token: AccessToken, margin: float) -> bool:
        """Whether this token is not the refused one and lives for so many seconds."""
        if token.generation in self._unwanted:
            return False
        return token.expires_at is None or (token.expires_at - timezone.now()).total_seconds() > margin


class _Look:
    """One caller's search for a token."""

    def __init__(self, connection_id: int, wanted: Wanted) -> None:
        self._id, self._wanted = connection_id, wanted
        self._pause, self._pulse_at = POLL[0], 0.0
        self._waited = 0.0

    def token(self) -> AccessToken:
        while True:
            row = self._read()
            found = token_of(row)
            if row.kind == Connection.Kind.BASIC:
                return found  # an API token cannot be renewed: the one there is, is the one
            if self._wanted.is_met_by(found, self._margin(row)):
                self._tell_wait(row)
                return found
            still_good = self._wanted.is_met_by(found, LAST_USE)
            try:
                outcome = self._get_on(row)
            except PlatformError:
                if still_good:
                    return found
                raise
            if outcome is Outcome.RENEWED:
                self._wanted.settle()  # asking once more would not bring a token that lives longer
            elif outcome is None and still_good:
                return found

    def _margin(self, row: Connection) -> float:
        """What the token must still have to live: at most a third of its whole life, nothing if it is the last one."""
        if not row.refresh_token and not is_renewable(row):
            return LAST_USE
        life = due.life_of(row)
        return min(self._wanted.margin, life.total_seconds() / due.SPARE) if life else self._wanted.margin

    def _read(self) -> Connection:
        row = Connection.objects.select_related("action__app", "action__profile").filter(pk=self._id).first()
        if row is None:
            raise ConnectionGone
        if row.state == Connection.State.NEEDS_AUTHORIZATION or not row.access_token:
            raise GrantLost(provider=_title(row), account=row.account_name or row.account_id or "the account")
        return row

    def _get_on(self, row: Connection) -> TokenRefresh.Outcome | None:
        """One step towards a token: renews, or waits a little. None if somebody else renews or a failure is rested."""
        if row.generation == self._wanted.rejected and row.lives_for(0):
            leases.end_token(row)
        if _rests(row):
            self._rest(row)
            return None
        if row.lease_token and not self._looks_for_life():
            self._wait(row)
            return None
        if client_faults.rests(row.action, client_of(row.action)):
            raise refused_client(row)
        lease = leases.claim(row)
        if lease is None:
            self._wait(row)
            return None
        outcome = threads.renew(lease, self._wanted.left)
        if outcome is None:
            raise RefreshBusy(provider=_title(row))
        if outcome is Outcome.CLIENT_REFUSED:
            raise refused_client(row)
        return outcome

    def _looks_for_life(self) -> bool:
        """Whether it is time to try for a lease that somebody has: its process may have ended, or its time be over."""
        due = time.monotonic() >= self._pulse_at
        if due:
            self._pulse_at = time.monotonic() + PULSE
        return due

    def _wait(self, row: Connection) -> None:
        if self._wanted.left <= 0:
            raise RefreshBusy(provider=_title(row))
        pause = min(self._pause, self._wanted.left)
        time.sleep(pause)
        self._waited += pause
        self._pause = min(self._pause * 1.5, POLL[1])

    def _rest(self, row: Connection) -> None:
        """Waits a failure out if that is soon over. Raises ProviderUnavailable."""
        assert row.refresh_after is not None  # noqa: S101 -- see _rests
        wait = (row.refresh_after - timezone.now()).total_seconds()
        if wait > self._wanted.patience:
            raise ProviderUnavailable(provider=_title(row), reason=_last_reason(row))
        time.sleep(max(wait, POLL[0]))

    def _tell_wait(self, row: Connection) -> None:
        if self._waited:
            metrics.waited(row.action.provider, self._waited)


def _rests(row: Connection) -> bool:
    return row.refresh_after is not None and row.refresh_after > timezone.now()


def _last_reason(row: Connection) -> str:
    """Why the provider could not be asked the last time."""
    past = TokenRefresh.objects.filter(connection=row, outcome=Outcome.UNAVAILABLE).order_by("-id")
    return past.values_list("reason", flat=True).first() or "it did not answer a moment ago"


def _title(row: Connection) -> str:
    return registry.provider(row.action.provider).manifest.title
