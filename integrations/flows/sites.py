"""Which site of its grant a connection works in, and sites that join the grant later."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from integrations.catalog import registry
from integrations.errors import ConnectionBusy, SiteUnknown
from integrations.models import Connection

from . import audit
from .grants import pin
from .platform import asker
from .refresh import access_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from integrations.catalog.base import Site

#: How often a grant is asked for its sites; each time costs a request.
LOOK_EVERY = timedelta(days=1)
#: How often a change starts over when a renewal came between.
TRIES = 3


def change_site(connection: Connection, site_id: str, *, actor: Any = None) -> Connection:
    """Pins another of the grant's sites; running calls end where they began, the next ones go there.

    The UPDATE names the generation whose list of sites was looked at, so that a new consent in between, which may
    reach other sites, is never answered with a site of the old one. Raises SiteUnknown or ConnectionBusy.
    """
    for _try in range(TRIES):
        site = next((s for s in connection.sites if s["id"] == site_id), None)
        if site is None:
            raise SiteUnknown(provider=_title(connection))
        with transaction.atomic():
            same = Connection.objects.filter(pk=connection.pk, generation=connection.generation)
            if same.exclude(state=Connection.State.CHOOSING_SITE).update(**pin(site), new_sites=[]):
                before = connection.site_name
                connection.refresh_from_db()
                audit.note_about(
                    connection, audit.Verb.SITE_CHANGED, actor=actor, what=site["name"], details={"before": before}
                )
                return connection
        connection.refresh_from_db()
    raise ConnectionBusy(provider=_title(connection))


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
    provider = registry.provider(row.action.provider)
    notice(row, provider.sites(asker(provider, access_token(row.pk).value)))


def notice(connection: Connection, sites: Sequence[Site]) -> list[str]:
    """Adds sites that the grant did not reach before to those offered, and gives their names. None is chosen.

    A site that is missing from the answer stays: it may be out of order, or hidden for a moment.
    """
    with transaction.atomic():
        row = Connection.objects.select_for_update().defer("access_token", "refresh_token").get(pk=connection.pk)
        known = {site["id"] for site in row.sites}
        new = [_kept(site) for site in sites if site.id not in known]
        seen: dict[str, Any] = {"sites_looked_at": timezone.now()}
        if new:
            seen |= {"sites": [*row.sites, *new], "new_sites": [*row.new_sites, *new]}
            audit.note_about(connection, audit.Verb.SITES_FOUND, what=", ".join(site["name"] for site in new))
        Connection.objects.filter(pk=row.pk).update(**seen)
    return [site["name"] for site in new]


def _kept(site: Site) -> dict[str, str]:
    return {name: value for name, value in asdict(site).items() if name in ("id", "name", "url")}


def settle(connection: Connection) -> None:
    """Keeps the present site and stops offering the new ones; they can still be chosen with Change site."""
    Connection.objects.filter(pk=connection.pk).update(new_sites=[])
