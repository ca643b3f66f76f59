"""Grants: whose, for which site, alive how long; refreshed and ended by hand. Tokens are never on these pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from integrations.flows.disconnect import disconnect
from integrations.flows.refresh import access_token
from integrations.models import Connection
from xoplatform.admin_site import page_context
from xoplatform.core.errors import PlatformError
from xoplatform.models import Role

from .base import ReadOnlyAdmin, title_of, vendor_of
from .display import connection_badge, moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString


@admin.register(Connection)
class ConnectionAdmin(ReadOnlyAdmin):
    app_lookup = "action__app"
    change_form_template = "integrations/admin/connection.html"
    list_display = ["__str__", "provider", "app", "owner", "state_badge", "site_name", "ends", "used"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_select_related = ["action__app", "end_user"]
    search_fields = ["account_name", "account_email", "site_name", "end_user__name", "end_user__external_id"]
    search_help_text = "Account, e-mail, site or end user"
    # Everything that may be seen; the tokens are not even read from the database.
    fieldsets = [(None, {"fields": ["owner", "state_badge"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connection]:
        rows: QuerySet[Connection] = super().get_queryset(request)
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

    def get_urls(self) -> list[Any]:
        def own(route: str, view: Callable[..., HttpResponseBase]) -> Any:
            name = f"integrations_connection_{route}"
            return path(f"<int:pk>/{route}/", self.admin_site.admin_view(view), name=name)

        return [
            own("refresh", require_POST(self.refresh_now)),
            own("disconnect", self.disconnect_now),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        connection: Any = self.get_object(request, object_id)
        shown = {} if connection is None else self._page(request, connection)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})  # type: ignore[no-any-return]

    def _page(self, request: HttpRequest, connection: Connection) -> dict[str, Any]:
        app = connection.action.app
        role = app.role_of(request.user)
        return {
            "title": str(connection),
            "connection": connection,
            "provider_title": self.provider(connection),
            "badge": connection_badge(connection),
            "owner": self.owner(connection),
            "may_edit": role is not None and role.covers(Role.DEVELOPER),
            "configurations": reverse("admin:app_action", args=[app.slug, connection.action.provider]),
            "times": [
                ("Access token ends", moment(connection.expires_at, never="unknown")),
                ("Grant ends if unused", moment(connection.refresh_expires_at, never="unknown")),
                ("Authorized", moment(connection.authorized_at)),
                ("Last used", moment(connection.last_used_at)),
                ("Last refreshed", moment(connection.last_refreshed_at)),
            ],
        }

    def _to_change(self, request: HttpRequest, pk: int) -> Connection:
        """The connection, for somebody who may change it: strangers get 404, viewers 403."""
        connection = self.get_queryset(request).filter(pk=pk).first()
        if connection is None:
            raise Http404("No such connection.")
        role = connection.action.app.role_of(request.user)
        if role is None or not role.covers(Role.DEVELOPER):
            raise PermissionDenied("This needs the role Developer. Ask an owner of the App.")
        return connection

    def refresh_now(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        connection = self._to_change(request, pk)
        try:
            # Naming the generation in hand as refused asks for the next one, however long this one still lives.
            access_token(pk, rejected=connection.generation)
            messages.success(request, "Refreshed: the connection holds a new access token.")
        except PlatformError as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(reverse("admin:integrations_connection_change", args=[pk]))

    def disconnect_now(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        connection = self._to_change(request, pk)
        if request.method == "POST":
            disconnect(connection)
            messages.success(request, f"Disconnected {connection}. Its tokens are deleted here.")
            return HttpResponseRedirect(reverse("admin:integrations_connection_changelist"))
        return TemplateResponse(request, "integrations/admin/confirm.html", self._confirmation(request, connection))

    def _confirmation(self, request: HttpRequest, connection: Connection) -> dict[str, Any]:
        provider, vendor = self.provider(connection), vendor_of(connection.action.provider)
        whom = "everybody who uses this App" if connection.end_user is None else str(connection.end_user)
        return page_context(
            request,
            connection.action.app,
            "Disconnect",
            question=f"Disconnect {connection} from {provider}?",
            consequences=[
                "Its tokens are deleted here at once and cannot be brought back.",
                f"Dialogs can no longer act in {provider} for {whom} until somebody authorizes again.",
                f"{vendor} keeps listing the permission until the account's owner removes it there too.",
            ],
            button="Disconnect",
            is_dangerous=True,
            back=reverse("admin:integrations_connection_change", args=[connection.pk]),
        )
