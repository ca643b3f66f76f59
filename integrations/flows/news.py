"""Telling listeners what became of connections and actions, within the transaction of the change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.models import Action, Connection
from integrations.signals import ConnectionChange, action_failed_or_mended, connections_changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

#: The change that stands for the row's end.
DISCONNECTED = "disconnected"


def tell_of(row: Connection, change: str) -> None:
    """One connection was changed, and ``row`` is as it is now; or it is about to be deleted."""
    person = row.end_user if row.end_user_id is not None else None
    told = ConnectionChange(
        row.pk,
        row.end_user_id,
        person.external_id if person else None,
        change,
        DISCONNECTED if change == DISCONNECTED else row.state,
        row.site_id,
        row.site_name,
        row.site_url,
    )
    _send(row.action, iter([told]))


def tell_of_all(action: Action, rows: QuerySet[Connection], change: str) -> None:
    """Connections of an action are about to be changed to this state, or deleted. No query when nobody listens."""
    _send(action, _all(rows, change))


def _all(rows: QuerySet[Connection], change: str) -> Iterator[ConnectionChange]:
    found = rows.order_by("pk").values_list(
        "pk", "end_user_id", "end_user__external_id", "site_id", "site_name", "site_url"
    )
    for pk, person, external_id, *site in found:
        yield ConnectionChange(pk, person, external_id, change, change, *site)


def _send(action: Action, changes: Iterator[ConnectionChange]) -> None:
    connections_changed.send(sender=Connection, app_id=action.app_id, provider=action.provider, changes=changes)


def tell_of_action(action: Action, reason: str | None) -> None:
    """An action is in error now, for this reason; or, without one, works again."""
    action_failed_or_mended.send(sender=Action, app_id=action.app_id, provider=action.provider, reason=reason)
