"""What the model admins here share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unfold.admin import TabularInline
from unfold.contrib.filters.admin import DropdownFilter

from xoplatform.admin_site import AppScopedAdmin
from xoplatform.models import App, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest


class DialogAdmin(AppScopedAdmin):
    """Rows are read without a count of the whole table, and no bulk action runs past the flows."""

    show_full_result_count = False
    list_filter_submit = True
    actions = None

    class Media:
        css = {"all": ["xoplatform/pages.css"]}

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Rows come from flows: installing a template, publishing, talking."""
        return False


class ReadOnlyAdmin(DialogAdmin):
    """Rows that only flows write."""

    edit_role = None

    def get_readonly_fields(self, _request: HttpRequest, _obj: Model | None = None) -> list[str]:
        return [name for _title, options in self.fieldsets or () for name in options["fields"]]


class TaskInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Rows of one dialog task: all of its members see them, its developers change them."""

    extra = 0
    can_delete = False
    tab = True

    def has_view_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return True  # the task's own admin has let this member in

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        role = obj.app.role_of(request.user) if obj is not None else None
        return role is not None and role.covers(Role.DEVELOPER)


class AppFilter(DropdownFilter):  # type: ignore[misc]  # unfold ships no types
    """By App, naming only the Apps that this member may see."""

    title = "App"
    parameter_name = "app"
    #: Lookup from the model to its App.
    lookup = "app"

    def lookups(self, request: HttpRequest, _model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(str(pk), name) for pk, name in App.objects.visible_to(request.user).values_list("pk", "name")]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(**{f"{self.lookup}_id": value}) if value and value.isdigit() else queryset
