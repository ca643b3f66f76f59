"""How the list of connections is narrowed, so that a hundred thousand of them open as fast as ten.

A join with the App would make databases collect and sort everything before the first page. Actions are few, so they
are looked up first, and the connections are read in the order of an index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter

from integrations.catalog import registry
from integrations.flows.listing import of_actions
from integrations.models import Action, Connection, TokenRefresh
from xoplatform.admin_site import AppFilter
from xoplatform.models import App

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest


def visible_to(user: Any, rows: QuerySet[Connection]) -> QuerySet[Connection]:
    """Connections in Apps of which this person is a member; all of them for a superuser."""
    if user.is_superuser:
        return rows
    visible = Action.objects.filter(app__in=App.objects.visible_to(user))
    return of_actions(rows, list(visible.values_list("pk", flat=True)))


class OfApp(AppFilter):
    """The filter that every list has, by way of the App's actions."""

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value or not value.isdigit():
            return rows
        return of_actions(rows, list(Action.objects.filter(app_id=value).values_list("pk", flat=True)))


class OwnerFilter(DropdownFilter):  # type: ignore[misc]  # unfold ships no types
    """The App's own grants, or those of people."""

    title = "whose"
    parameter_name = "whose"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("app", "The App's own"), ("people", "People's")]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Connection]) -> QuerySet[Connection]:
        own = {"app": True, "people": False}.get(self.value() or "")
        return rows if own is None else rows.filter(end_user__isnull=own)


class ConnectionProviderFilter(DropdownFilter):  # type: ignore[misc]  # unfold ships no types
    """By provider, as the registry knows them."""

    title = "provider"
    parameter_name = "provider"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(name, p.manifest.title) for name, p in registry.providers().items()]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Connection]) -> QuerySet[Connection]:
        if not self.value():
            return rows
        return of_actions(rows, list(Action.objects.filter(provider=self.value()).values_list("pk", flat=True)))


class RenewalFilter(DropdownFilter):  # type: ignore[misc]  # unfold ships no types
    """Those that the page Token vault counts: few, and found along an index."""

    title = "renewal"
    parameter_name = "renewal"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("due", "Due now"), ("held_back", "Waits after a failure"), ("under_way", "Under way")]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Connection]) -> QuerySet[Connection]:
        due = rows.filter(state=Connection.State.CONNECTED, due_at__lte=timezone.now())
        if self.value() == "under_way":
            asked = TokenRefresh.objects.filter(tallied=False, outcome=TokenRefresh.Outcome.STARTED)
            return rows.filter(pk__in=asked.values("connection_id"))
        if self.value() == "held_back":
            return due.filter(refresh_after__gt=timezone.now())
        return due if self.value() == "due" else rows
