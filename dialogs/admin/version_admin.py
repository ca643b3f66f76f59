from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from unfold.decorators import display

from dialogs.models import Version

from .base import ReadOnlyAdmin
from .display import badge, pretty_json

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    """What was published when, by whom and why. Snapshots of drafts stay out of the list."""

    app_lookup = "task__app"
    list_display = ["task", "numbered", "app", "note", "created_by", "created_at"]
    list_select_related = ["task__app", "created_by"]
    search_fields = ["task__title", "task__name", "note"]
    ordering = ["-pk"]
    fieldsets = [
        (None, {"fields": ["task", "numbered", "app", "note", "created_by", "created_at", "digest"]}),
        ("Document", {"fields": ["content"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        return super().get_queryset(request).filter(number__isnull=False).defer("document", "task__template_document")

    @display(description="Version", ordering="number")  # type: ignore[untyped-decorator]
    def numbered(self, version: Version) -> SafeString:
        live = version.task.published_id == version.pk
        return badge(f"v{version.number} · live" if live else f"v{version.number}", "ok" if live else "off")

    @display(description="App")  # type: ignore[untyped-decorator]
    def app(self, version: Version) -> str:
        return version.task.app.name

    @display(description="Frozen document")  # type: ignore[untyped-decorator]
    def content(self, version: Version) -> SafeString | str:
        return pretty_json(version.document)
