"""Who changed, used and ended authorizations; read here, exported as a table, written by flows alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RangeDateTimeFilter

from integrations.models import AuditEntry
from xoplatform.long_list import LongListMixin
from xoplatform.models import App

from .audit_export import lines_of
from .base import ReadOnlyAdmin, title_of
from .call_admin import ProviderFilter
from .display import moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString


class StaffFilter(DropdownFilter):  # type: ignore[misc]  # unfold ships no types
    """By who did it: staff of the Apps that this person may see, and the platform with the end users themselves."""

    title = "who"
    parameter_name = "who"
    NOBODY = "0"

    def lookups(self, request: HttpRequest, _model_admin: Any) -> Iterable[tuple[str, str]]:
        members = get_user_model().objects.filter(memberships__app__in=App.objects.visible_to(request.user))
        people = members.distinct().order_by("username")
        return [(self.NOBODY, "End users and the platform"), *((str(one.pk), one.get_username()) for one in people)]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        value = self.value()
        if not value or not value.isdigit():
            return queryset
        return queryset.filter(actor=None, actor_name="") if value == self.NOBODY else queryset.filter(actor_id=value)


@admin.register(AuditEntry)
class AuditAdmin(LongListMixin, ReadOnlyAdmin):
    list_display = ["when", "verb_words", "object_words", "who", "for_whom", "provider_title", "app"]
    list_display_links = ["when", "verb_words"]
    list_filter = [("verb", ChoicesDropdownFilter), StaffFilter, ProviderFilter, ("at", RangeDateTimeFilter)]
    list_select_related = ["app", "end_user"]
    list_before_template = "integrations/admin/audit_export.html"
    ordering = ["-at", "-pk"]
    search_fields = [
        "object",
        "actor_name",
        "pseudonym",
        "end_user__name",
        "end_user__email",
        "end_user__external_id",
    ]
    search_help_text = "Who did it, for whom, or what"
    fieldsets = [
        (None, {"fields": ["when", "verb_words", "object_words", "who", "for_whom", "app", "provider_title"]}),
        ("More", {"fields": ["more", "connection_link"]}),
    ]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.export)
        return [path("export/", view, name="integrations_auditentry_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> StreamingHttpResponse:
        """The rows that the list shows with these filters, all pages of them, as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied("The audit is for members of an App. An owner of the App can make you one.")
        shown = self.get_changelist_instance(request).get_queryset(request)
        response = StreamingHttpResponse(lines_of(shown), content_type="text/csv; charset=utf-8")
        name = f"audit-{timezone.now():%Y-%m-%d}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @admin.display(description="When", ordering="at")
    def when(self, entry: AuditEntry) -> SafeString | str:
        return moment(entry.at)

    @admin.display(description="What", ordering="verb")
    def verb_words(self, entry: AuditEntry) -> str:
        return entry.get_verb_display()

    @admin.display(description="On")
    def object_words(self, entry: AuditEntry) -> str:
        return entry.object or "-"

    @admin.display(description="Who", ordering="actor_name")
    def who(self, entry: AuditEntry) -> str:
        return entry.who

    @admin.display(description="For")
    def for_whom(self, entry: AuditEntry) -> str:
        return entry.for_whom or "-"

    @admin.display(description="Provider", ordering="provider")
    def provider_title(self, entry: AuditEntry) -> str:
        return title_of(entry.provider) if entry.provider else "-"

    @admin.display(description="Details")
    def more(self, entry: AuditEntry) -> SafeString | str:
        if not entry.details:
            return "-"
        lines = "\n".join(f"{name}: {value}" for name, value in entry.details.items())
        return format_html('<pre class="xo-pre" tabindex="0">{}</pre>', lines)

    @admin.display(description="Connection")
    def connection_link(self, entry: AuditEntry) -> SafeString | str:
        if entry.connection_id is None:
            return "-"
        address = reverse("admin:integrations_connection_change", args=[entry.connection_id])
        return format_html('<a class="text-link" href="{}">Open the connection</a>', address)
