"""Refreshes, one row each: when, for which connection, by whom asked, and how they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from integrations.models import TokenRefresh
from xoplatform.long_list import LongListMixin

from .base import ReadOnlyAdmin, title_of
from .display import moment, refresh_badge

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


@admin.register(TokenRefresh)
class RefreshAdmin(LongListMixin, ReadOnlyAdmin):
    app_lookup = "connection__action__app"
    empty_text = "No token has been renewed here lately. Refreshes are kept for a week, failed ones for a month."
    list_display = ["when", "outcome_badge", "of_connection", "provider", "app", "asked_by", "answer", "reason"]
    list_display_links = None
    list_filter = [
        ("outcome", ChoicesDropdownFilter),
        ("ahead", admin.BooleanFieldListFilter),
        ("started_at", RangeDateTimeFilter),
    ]
    list_select_related = ["connection__action__app"]
    ordering = ["-pk"]
    sortable_by: list[str] = []

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """A connection's page leads to its refreshes."""
        return lookup == "connection_id" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="When")
    def when(self, row: TokenRefresh) -> SafeString | str:
        return moment(row.started_at)

    @admin.display(description="Outcome")
    def outcome_badge(self, row: TokenRefresh) -> SafeString:
        return refresh_badge(row)

    @admin.display(description="Connection")
    def of_connection(self, row: TokenRefresh) -> SafeString:
        address = reverse("admin:integrations_connection_change", args=[row.connection_id])
        return format_html('<a class="xo-link" href="{}">{}</a>', address, row.connection)

    @admin.display(description="Provider")
    def provider(self, row: TokenRefresh) -> str:
        return title_of(row.connection.action.provider)

    @admin.display(description="App")
    def app(self, row: TokenRefresh) -> str:
        return str(row.connection.action.app)

    @admin.display(description="Asked for by")
    def asked_by(self, row: TokenRefresh) -> str:
        return "the clock" if row.ahead else "a caller"

    @admin.display(description="Provider took")
    def answer(self, row: TokenRefresh) -> str:
        return "-" if row.asked_ms is None else f"{row.asked_ms:,} ms"
