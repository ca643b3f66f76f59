from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from dialogs.flows import drafts, edit
from dialogs.flows.tasks import what_stops
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


class TaskForm(forms.ModelForm):  # type: ignore[type-arg]  # the stubs know it as generic, Django does not
    """Saves nothing over what was changed since the page was opened."""

    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = DialogTask
        fields = ["title", "description"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_revision"].initial = self.instance.revision

    def clean(self) -> dict[str, Any]:
        values = dict(super().clean() or {})
        if values.get("seen_revision") != self.instance.revision:
            raise forms.ValidationError(
                _("The draft was edited while this page was open, so nothing was saved. Open it anew and edit again.")
            )
        return values


@admin.register(DialogTask)
class DialogTaskAdmin(DialogAdmin):
    """Titles, properties and conditions may be edited here; the shape of the graph is the canvas's."""

    list_display = ["title", "app", "state", "version", "provider", "updated_at", "canvas"]
    list_select_related = ["app", "published"]
    list_filter = ["provider"]
    search_fields = ["title", "name", "description"]
    form = TaskForm
    inlines = [NodeInline, TransitionInline]
    fieldsets = [
        (None, {"fields": ["app", "name", "title", "description", "state", "version", "canvas", "seen_revision"]}),
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
        return [*(words for task in objs for words in what_stops(task)), *found], counts, set(), protected

    def save_model(self, request: HttpRequest, obj: DialogTask, form: Any, change: bool) -> None:
        form.draft_before = drafts.read(DialogTask.objects.get(pk=obj.pk)).draft
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            edit.note(form.instance, form.draft_before, request.user)
