"""What the model admins here share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unfold.admin import TabularInline

from xoplatform.admin_site import AppScopedAdmin
from xoplatform.models import Role

if TYPE_CHECKING:
    from django.db.models import Model
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
