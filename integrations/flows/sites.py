"""Which site of its grant a connection works in, and sites that join the grant later."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from integrations.catalog import registry
from integrations.errors import ConnectionBusy, SiteUnknown
from integrations.models import AuthorizationAttempt, Connection

from . import audit, news
from .grants import authorized, note_connected, pin
from .platform import asker
from .refresh import access_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from integrations.catalog.base import Site

#: How often a grant is asked for its sites; each time costs a request.
LOOK_EVERY = timedelta(days=1)
#: How often a change starts over when a renewal came between.
TRIES = 3

State, Outcome = Connection.State, AuthorizationAttempt.Outcome


def choose_site(connection: Connection, site_id: str, *, actor: Any = None) -> Connection:
    """Pins one of the grant's sites, at first or in place of another; running calls end where they began.

    The UPDATE names the generation and the state that were looked at, so that a new consent in between, which may
    reach other sites, is never answered with a site of the old one. Raises SiteUnknown or ConnectionBusy.
    """
    for _try in range(TRIES):
        site = next((s for s in connection.sites if s["id"] == site_id), None)
        if site is None:
            raise SiteUnknown(provider=_title(connection))
        with transaction.atomic():
            if _pin(connection, site, actor):
                return connection
        connection.refresh_from_db()
    raise ConnectionBusy(provider=_title(connection))


def _pin(connection: Connection, site: dict[str, Any], actor: Any) -> bool:
    is_first, before = connection.state == State.CHOOSING_SITE, connection.site_name
    columns: dict[str, Any] = {**pin(site), "new_sites": []}
    if is_first:
        columns["state"] = State.CONNECTED
    if not _as_seen(connection).update(**columns):
        return False
    connection.refresh_from_db()
    if is_first:
        authorized(connection)
        waiting = AuthorizationAttempt.objects.filter(connection=connection, outcome=Outcome.CHOOSING_SITE)
        waiting.update(outcome=Outcome.CONNECTED)
        note_connected(connection, actor)
    else:
        what, details = site["name"], {"before": before}
        audit.note_about(connection, audit.Verb.SITE_CHANGED, actor=actor, what=what, details=details)
        news.tell_of(connection, "site_changed")
    return True


def _as_seen(connection: Connection) -> QuerySet[Connection]:
    """The row, unless it was renewed, authorized anew or lost since ``connection`` was read.

    A renewal under way does not mind: it writes other columns, and its own lease and generation stay as they are.
    """
    return Connection.objects.filter(pk=connection.pk, generation=connection.generation, state=connection.state)


def _title(connection: Connection) -> str:
    return registry.provider(connection.action.provider).manifest.title


def look(connection_id: int, *, always: bool = False) -> None:
    """Asks the provider which sites the grant reaches, once a day, and notes those that are new.

    Raises what `access_token` and the provider's platform raise.
    """
    row = Connection.objects.select_related("action__app", "end_user").filter(pk=connection_id).first()
    if row is None or not row.usable or row.kind != Connection.Kind.OAUTH:
        return
    if not always and row.sites_looked_at is not None and timezone.now() - row.sites_looked_at < LOOK_EVERY:
        return
    provider, token = registry.provider(row.action.provider), access_token(row.pk)
    row.generation = token.generation  # the sites that are told belong to this one
    notice(row, provider.sites(asker(provider, token.value)))


def notice(connection: Connection, sites: Sequence[Site]) -> list[str]:
    """Adds sites that the grant did not reach before to those offered, and gives their names. None is chosen.

    ``connection.generation`` is that of the token which was told them. If it is no longer the stored one, they may be
    another grant's sites: nothing is noted, and the next look finds them. A site that is missing from the answer
    stays: it may be out of order, or hidden for a moment.
    """
    with transaction.atomic():
        rows = Connection.objects.select_for_update().defer("access_token", "refresh_token")
        row = rows.filter(pk=connection.pk, generation=connection.generation).first()
        if row is None:
            return []
        known = {site["id"] for site in row.sites}
        new = [_kept(site) for site in sites if site.id not in known]
        seen: dict[str, Any] = {"sites_looked_at": timezone.now()}
        if new:
            seen |= {"sites": [*row.sites, *new], "new_sites": [*row.new_sites, *new]}
            audit.note_about(connection, audit.Verb.SITES_FOUND, what=", ".join(site["name"] for site in new))
        Connection.objects.filter(pk=row.pk, generation=row.generation).update(**seen)
    return [site["name"] for site in new]


def _kept(site: Site) -> dict[str, str]:
    return {name: value for name, value in asdict(site).items() if name in ("id", "name", "url")}


def settle(connection: Connection) -> None:
    """Keeps the present site and stops offering the new ones; they can still be chosen with Change site.

    Only those are dismissed that ``connection`` showed: what joined since stays on offer. Raises ConnectionBusy.
    """
    shown = {site["id"] for site in connection.new_sites}
    for _try in range(TRIES):
        rest = [site for site in connection.new_sites if site["id"] not in shown]
        if _as_seen(connection).update(new_sites=rest):
            return
        connection.refresh_from_db()
    raise ConnectionBusy(provider=_title(connection))
