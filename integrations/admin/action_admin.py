"""The list of every App's actions; they are changed on their Configurations page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from integrations.models import Action

from .base import ReadOnlyAdmin, title_of
from .display import action_badge

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


@admin.register(Action)
class ActionAdmin(ReadOnlyAdmin):
    list_display = ["provider_title", "app", "state", "authorization_type", "method", "card", "updated_at"]
    list_filter = [("status", ChoicesDropdownFilter)]
    list_select_related = ["app"]
    search_fields = ["provider", "app__name"]
    fieldsets = [
        (None, {"fields": ["configurations", "app", "provider_title", "state", "error_reason"]}),
        ("Authorization", {"fields": ["authorization_type", "method", "card", "profile", "edition"]}),
        ("Times", {"fields": ["first_enabled_at", "created_at", "updated_at"]}),
    ]

    @admin.display(description="State", ordering="status")
    def state(self, action: Action) -> SafeString:
        return action_badge(action)

    @admin.display(description="Provider")
    def provider_title(self, action: Action) -> str:
        return title_of(action.provider)

    @admin.display(description="Changed on")
    def configurations(self, action: Action) -> SafeString:
        address = reverse("admin:app_action", args=[action.app.slug, action.provider])
        return format_html('<a class="text-link" href="{}">Open Configurations</a>', address)
