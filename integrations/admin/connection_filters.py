"""How the list of connections is narrowed, so that a hundred thousand of them open as fast as ten.

A join with the App would make databases collect and sort everything before the first page. Actions are few, so they
are looked up first, and the connections are read in the order of an index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F
from unfold.contrib.filters.admin import DropdownFilter

from integrations.catalog import registry
from integrations.models import Action
from xoplatform.admin_site import AppFilter
from xoplatform.models import App

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from integrations.models import Connection


def of_actions(rows: QuerySet[Connection], actions: Sequence[int]) -> QuerySet[Connection]:
    """Connections of these actions, still in the order of an index: the action's own, or the primary key."""
    if len(actions) == 1:
        return rows.filter(action_id=actions[0])
    # The sum hides the column from the planner, which would otherwise read and sort all rows of each action.
    return rows.alias(of_action=F("action_id") + 0).filter(of_action__in=actions)


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
