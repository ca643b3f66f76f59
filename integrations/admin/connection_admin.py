"""Grants: whose, for which site, alive how long; refreshed, moved, ended by hand. No page shows a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.urls import path
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from integrations.models import Connection
from xoplatform.long_list import LongListMixin

from . import connection_bulk, connection_steps
from .base import ReadOnlyAdmin, title_of
from .connection_filters import ConnectionProviderFilter, OfApp, OwnerFilter, RenewalFilter, visible_to
from .connection_page import page_of_connection
from .display import connection_badge, moment

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString


@admin.register(Connection)
class ConnectionAdmin(LongListMixin, ReadOnlyAdmin):
    app_lookup = "action__app"
    change_form_template = "integrations/admin/connection.html"
    list_display = ["__str__", "provider", "app", "owner", "state_badge", "site_name", "ends", "used"]
    list_filter = [
        OfApp,
        ("state", ChoicesDropdownFilter),
        OwnerFilter,
        ConnectionProviderFilter,
        RenewalFilter,
        ("refresh_expires_at", RangeDateTimeFilter),
    ]
    list_select_related = ["action__app", "end_user"]
    # By the primary key and without counting: a hundred thousand rows open as fast as ten.
    ordering = ["-pk"]
    sortable_by = ["state_badge"]
    search_fields = [
        "account_name",
        "account_email",
        "site_name",
        "end_user__name",
        "end_user__email",
        "end_user__external_id",
    ]
    search_help_text = "Account, e-mail, site or end user"
    actions = ["disconnect_chosen", "send_links_to_chosen"]
    # Everything that may be seen; the tokens are not even read from the database.
    fieldsets = [(None, {"fields": ["owner", "state_badge"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connection]:
        rows = visible_to(request.user, Connection.objects.order_by(*self.ordering))
        return rows.select_related("action__app", "end_user").defer("access_token", "refresh_token")

    @admin.display(description="Provider", ordering="action__provider")
    def provider(self, connection: Connection) -> str:
        return title_of(connection.action.provider)

    @admin.display(description="App", ordering="action__app__name")
    def app(self, connection: Connection) -> str:
        return connection.action.app.name

    @admin.display(description="Whose")
    def owner(self, connection: Connection) -> str:
        return str(connection.end_user) if connection.end_user else "The App's own"

    @admin.display(description="State", ordering="state")
    def state_badge(self, connection: Connection) -> SafeString:
        return connection_badge(connection)

    @admin.display(description="Access token ends", ordering="expires_at")
    def ends(self, connection: Connection) -> SafeString | str:
        return moment(connection.expires_at, never="-")

    @admin.display(description="Last used", ordering="last_used_at")
    def used(self, connection: Connection) -> SafeString | str:
        return moment(connection.last_used_at)

    @admin.action(description="Disconnect…")
    def disconnect_chosen(self, request: HttpRequest, rows: QuerySet[Connection]) -> HttpResponse | None:
        return connection_bulk.disconnect_chosen(request, rows)

    @admin.action(description="Send a new link by mail")
    def send_links_to_chosen(self, request: HttpRequest, rows: QuerySet[Connection]) -> None:
        connection_bulk.send_links(request, rows)

    def get_urls(self) -> list[Any]:
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(connection_steps.for_editors(self, view)),
                name=f"integrations_connection_{name}",
            )
            for name, view in connection_steps.STEPS.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        connection: Any = self.get_object(request, object_id)
        shown = {} if connection is None else page_of_connection(request, connection)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})  # type: ignore[no-any-return]
