"""What is due, read along the index on the time, in an order that is fair between Apps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from django.db.models import F, Q, Window
from django.db.models.functions import Now, RowNumber
from django.utils import timezone

from integrations.flows import client_faults
from integrations.flows.clients import client_of
from integrations.models import Action, ClientFault, Connection
from xoplatform.core.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

#: Connections that one look takes in; the next look, a few seconds later, takes in those behind them.
AT_ONCE = 20_000
#: Actions that one query reads: SQLite takes only so many values.
TOGETHER = 500


class Due(NamedTuple):
    """A connection to renew. ``place`` is its place in the fair order of this look."""

    place: int
    connection_id: int
    action_id: int


@dataclass(frozen=True)
class Route:
    """Where an action's renewals go: the host of the token endpoint, and the registration that is used there."""

    host: str
    client: tuple[str, int | None]


def due() -> QuerySet[Connection]:
    """Connections to renew now, by the database's clock; those that wait out a failure are left alone."""
    rested = Q(refresh_after=None) | Q(refresh_after__lte=Now())
    return Connection.objects.filter(rested, due_at__lte=Now(), state=Connection.State.CONNECTED)


def in_turn() -> QuerySet[Connection]:
    """The first due connection of every App, then the second of every App, and so on; the longest due first.

    So an App with ten thousand due connections does not hold up one with five.
    """
    turn = Window(RowNumber(), partition_by=F("action__app_id"), order_by=[F("due_at"), F("pk")])
    return due().annotate(turn=turn).order_by("turn", "due_at", "pk")


def look() -> list[Due]:
    """What is due now, in turn."""
    rows = in_turn().values_list("pk", "action_id")[:AT_ONCE]
    return [Due(place, pk, action) for place, (pk, action) in enumerate(rows)]


class Routes:
    """The routes of actions, read once for a run, and which registrations rest because they were refused."""

    def __init__(self) -> None:
        self._known: dict[int, Route] = {}
        self._marks: dict[int, str] = {}
        self._resting: dict[tuple[str, int | None], str] = {}

    def learn(self, rows: Iterable[Due]) -> None:
        """Reads what is not known yet, some hundred in a query."""
        missing = sorted({row.action_id for row in rows} - self._known.keys())
        for at in range(0, len(missing), TOGETHER):
            some = missing[at : at + TOGETHER]
            for action in Action.objects.select_related("app", "profile").filter(pk__in=some):
                self._known[action.pk] = self._route(action)
        resting = ClientFault.objects.filter(retry_at__gt=timezone.now())
        self._resting = {(fault.provider, fault.profile_id): fault.mark for fault in resting}

    def of(self, row: Due) -> Route | None:
        """None where nothing is to be sent: the registration rests, or the action has gone since."""
        route = self._known.get(row.action_id)
        if route and route.client in self._resting and self._resting[route.client] == self._marks[row.action_id]:
            return None
        return route

    def _route(self, action: Action) -> Route:
        own = action.profile_id if action.card == Action.Card.CUSTOM else None
        self._marks[action.pk] = ""
        try:
            client = client_of(action)
        except PlatformError:
            return Route("", (action.provider, own))  # nothing will be sent; the renewal says what is missing
        self._marks[action.pk] = client_faults.mark_of(client.client_id, client.client_secret)
        return Route(urlsplit(client.refresh_url).netloc, (action.provider, own))
