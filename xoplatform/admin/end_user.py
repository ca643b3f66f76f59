"""End users: the people who chat with an App."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from xoplatform.admin_site import AppScopedAdmin
from xoplatform.models import EndUser

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest


@admin.register(EndUser)
class EndUserAdmin(AppScopedAdmin):
    empty_text = "Nobody has talked to this App yet. People appear here with their first message, or when you add them."
    list_display = ("person", "external_id", "email", "app", "created_at")
    list_display_links = ("person",)
    list_select_related = ("app",)
    search_fields = ("name", "email", "external_id")
    search_help_text = "Name, e-mail or the channel's id"
    ordering = ("-pk",)
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("app", "external_id", "name", "email")}),
        ("Language and time", {"fields": (("locale", "time_zone"),)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The channel's id stays: conversations and connections hang on it."""
        return [*super().get_readonly_fields(request, obj), "external_id"] if obj else []

    @admin.display(description="Person", ordering="name")
    def person(self, end_user: EndUser) -> str:
        return str(end_user)
