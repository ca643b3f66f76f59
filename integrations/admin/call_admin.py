"""What was asked of providers, with whose grant, and what came back: secrets removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.html import format_html_join
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RangeDateTimeFilter

from integrations import signals
from integrations.catalog import registry
from integrations.models import OperationCall

from .base import ReadOnlyAdmin
from .display import call_badge, moment, pretty_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


class ProviderFilter(DropdownFilter):  # type: ignore[misc]  # unfold ships no types
    """By provider. The choices come from the registry: asking a large table for its distinct values is slow."""

    title = "provider"
    parameter_name = "provider"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(name, p.manifest.title) for name, p in registry.providers().items()]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[OperationCall]) -> QuerySet[OperationCall]:
        return queryset.filter(provider=self.value()) if self.value() else queryset


class OperationFilter(DropdownFilter):  # type: ignore[misc]  # unfold ships no types
    """By operation of any provider."""

    title = "operation"
    parameter_name = "operation"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Iterable[tuple[str, str]]:
        return sorted({(o.name, o.title) for p in registry.providers().values() for o in p.operations.values()})

    def queryset(self, _request: HttpRequest, queryset: QuerySet[OperationCall]) -> QuerySet[OperationCall]:
        return queryset.filter(operation=self.value()) if self.value() else queryset


@admin.register(OperationCall)
class OperationCallAdmin(ReadOnlyAdmin):
    list_display = ["when", "operation", "state", "http_status", "took", "app", "for_whom", "account", "site"]
    list_display_links = ["when", "operation"]
    list_filter = [
        ProviderFilter,
        OperationFilter,
        ("status", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    list_select_related = ["app", "end_user"]
    search_fields = ["operation", "path", "reference", "account", "site", "error"]
    search_help_text = "Operation, address, account, site, error or the id of a conversation"
    fieldsets = [
        (None, {"fields": ["app", "operation", "state", "error", "address", "http_status", "took", "created_at"]}),
        ("With whose rights", {"fields": ["for_whom", "account", "site", "connection", "made_for"]}),
        ("Sent and received", {"fields": ["sent", "received"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OperationCall]:
        calls: QuerySet[OperationCall] = super().get_queryset(request)
        # Bodies can be large and a list shows none of them.
        opened = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return calls if opened else calls.defer("request", "response")

    @admin.display(description="When", ordering="created_at")
    def when(self, call: OperationCall) -> SafeString | str:
        return moment(call.created_at)

    @admin.display(description="State", ordering="status")
    def state(self, call: OperationCall) -> SafeString:
        return call_badge(call)

    @admin.display(description="Took", ordering="duration_ms", empty_value="-")
    def took(self, call: OperationCall) -> str | None:
        return None if call.duration_ms is None else f"{call.duration_ms} ms"

    @admin.display(description="For")
    def for_whom(self, call: OperationCall) -> str:
        return str(call.end_user) if call.end_user else "-"

    @admin.display(description="Address")
    def address(self, call: OperationCall) -> str:
        return f"{call.method} {call.path}"

    @admin.display(description="Made for")
    def made_for(self, call: OperationCall) -> SafeString | str:
        answers: list[Any] = [answer for _receiver, answer in signals.describe_call.send(type(self), call=call)]
        links = [(address, title) for answer in answers for title, address in answer]
        return format_html_join(" · ", '<a class="xo-link" href="{}">{}</a>', links) or call.reference or "-"

    @admin.display(description="Sent")
    def sent(self, call: OperationCall) -> SafeString | str:
        return pretty_json(call.request)

    @admin.display(description="Received")
    def received(self, call: OperationCall) -> SafeString | str:
        return pretty_json(call.response)
