from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Count
from django.template.loader import render_to_string
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from dialogs.models import Conversation

from .base import ReadOnlyAdmin
from .display import pretty_json, status_badge
from .transcript import transcript_of

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    """Who talked to which App, what was said, and how each answer came about."""

    list_display = ["end_user", "app", "badge", "channel", "turn_count", "updated_at"]
    list_select_related = ["app", "end_user"]
    list_filter = [("end_user", AutocompleteSelectFilter), "status", "channel"]
    search_fields = ["end_user__name", "end_user__email", "end_user__external_id"]
    fieldsets = [
        ("Transcript", {"fields": ["transcript"]}),
        (
            "Conversation",
            {"fields": ["public_id", "app", "end_user", "badge", "channel", "draft", "created_at", "updated_at"]},
        ),
        ("State", {"fields": ["engine_state"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        rows: QuerySet[Conversation] = super().get_queryset(request)
        return rows.annotate(turn_total=Count("turns")).defer("journal")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By person, or by the id that channels know, which databases keep in different ways."""
        try:
            return queryset.filter(public_id=uuid.UUID(search_term)), False
        except ValueError:
            return super().get_search_results(request, queryset, search_term)  # type: ignore[no-any-return]

    @display(description="Status")  # type: ignore[untyped-decorator]
    def badge(self, conversation: Conversation) -> SafeString:
        return status_badge(conversation)

    @display(description="Turns", ordering="turn_total")  # type: ignore[untyped-decorator]
    def turn_count(self, conversation: Any) -> int:
        return int(conversation.turn_total)

    @display(description="Turns")  # type: ignore[untyped-decorator]
    def transcript(self, conversation: Conversation) -> str:
        told = {"turns": transcript_of(conversation), "app_slug": conversation.app.slug}
        return render_to_string("dialogs/admin/transcript.html", told)

    @display(description="What the engine keeps")  # type: ignore[untyped-decorator]
    def engine_state(self, conversation: Conversation) -> SafeString | str:
        return pretty_json(conversation.state)
