from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from dialogs.flows import author
from dialogs.models import DialogTask, Node, Transition

from .base import DialogAdmin, TaskInline
from .display import state_badge

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


class NodeInline(TaskInline):
    model = Node
    fields = ["name", "kind", "parent", "title", "properties"]
    readonly_fields = ["name", "kind", "parent"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Node]:
        return super().get_queryset(request).select_related("parent")  # type: ignore[no-any-return]


class TransitionInline(TaskInline):
    model = Transition
    fields = ["source", "leads_to", "order", "condition", "label"]
    readonly_fields = ["source", "leads_to"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transition]:
        return super().get_queryset(request).select_related("source", "target")  # type: ignore[no-any-return]

    @display(description="Leads to")  # type: ignore[untyped-decorator]
    def leads_to(self, row: Transition) -> str:
        return str(row.target or row.get_special_display())


@admin.register(DialogTask)
class DialogTaskAdmin(DialogAdmin):
    """Titles, properties and conditions may be edited here; the shape of the graph is the canvas's."""

    list_display = ["title", "app", "state", "version", "provider", "updated_at", "canvas"]
    list_select_related = ["app", "published"]
    list_filter = ["provider"]
    search_fields = ["title", "name", "description"]
    inlines = [NodeInline, TransitionInline]
    fieldsets = [
        (None, {"fields": ["app", "name", "title", "description", "state", "version", "canvas"]}),
        ("Origin", {"fields": ["provider", "template_id", "template_version", "revision", "created_at"]}),
    ]
    readonly_fields = [
        "app",
        "name",
        "state",
        "version",
        "canvas",
        "provider",
        "template_id",
        "template_version",
        "revision",
        "created_at",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DialogTask]:
        return super().get_queryset(request).defer("template_document", "published__document")

    @display(description="State")  # type: ignore[untyped-decorator]
    def state(self, task: DialogTask) -> SafeString:
        return state_badge(task)

    @display(description="Version", empty_value="-")  # type: ignore[untyped-decorator]
    def version(self, task: DialogTask) -> str | None:
        return f"v{task.published.number}" if task.published else None

    @display(description="Canvas")  # type: ignore[untyped-decorator]
    def canvas(self, task: DialogTask) -> SafeString:
        url = reverse("admin:app_canvas", args=[task.app.slug, task.pk])
        return format_html('<a class="xo-link" href="{}">Open canvas</a>', url)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Versions go with their task, although nobody may delete one by itself."""
        found, counts, _perms_needed, protected = super().get_deleted_objects(objs, request)
        return found, counts, set(), protected

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            author.touch(form.instance)
