"""The base of every model admin whose rows belong to an App."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import DropdownFilter

from .app_choice import choose, chosen_app, holds_somewhere, role_in
from .models import App, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import ForeignKey, Model, QuerySet
    from django.http import HttpRequest

#: Query parameter by which lists are narrowed to one App.
APP_PARAMETER = "app"


class AppFilter(DropdownFilter):  # type: ignore[misc]  # unfold ships no types
    """Rows of one App, offering only the Apps that this person may see."""

    title = "App"
    parameter_name = APP_PARAMETER

    def lookups(self, request: HttpRequest, _model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(str(pk), name) for pk, name in App.objects.visible_to(request.user).values_list("pk", "name")]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value or not value.isdigit():
            return rows
        return rows.filter(**{f"{request.app_lookup}_id": value})  # type: ignore[attr-defined]  # set by the admin


class AppScopedAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Rows are seen by members of their App and changed by those whose role allows it.

    Lists open narrowed to one App by ``?app=<id>``; forms offer only Apps in which the person may
    edit, and a row never moves to another App.
    """

    #: Lookup from the model to its App.
    app_lookup: ClassVar[str] = "app"
    view_role: ClassVar[Role] = Role.VIEWER
    #: Role that may add, change and delete; ``None`` makes the admin read-only for all.
    edit_role: ClassVar[Role | None] = Role.DEVELOPER
    #: What an empty list says: what would be here, and how it comes.
    empty_text: ClassVar[str] = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.app_lookup}__in": App.objects.visible_to(request.user)})

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        filters = list(super().get_list_filter(request))
        if any(getattr(one, "parameter_name", one) == APP_PARAMETER for one in filters):
            return filters
        request.app_lookup = self.app_lookup  # type: ignore[attr-defined]  # read by the filter
        return [AppFilter, *filters]

    def get_list_display(self, request: HttpRequest) -> Any:
        """Without the App's column where every row would repeat it."""
        columns = super().get_list_display(request)
        return [one for one in columns if one != "app"] if APP_PARAMETER in request.GET else columns

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        row: Model | None = super().get_object(request, object_id, from_field)
        if row is not None:
            choose(request, self.app_of(row))
        return row

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        wanted = request.GET.get(APP_PARAMETER, "")
        app = App.objects.visible_to(request.user).filter(pk=wanted).first() if wanted.isdigit() else None
        if app is not None:
            choose(request, app)
        return super().changelist_view(request, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"app": chosen_app(request), **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "app"] if obj is not None and self.app_lookup == "app" and "app" not in fields else fields

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is App and self.edit_role is not None:
            kwargs.setdefault("queryset", App.objects.with_role(request.user, self.edit_role))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the buttons that would edit the App itself beside its select box."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.related_model is App:
            for button in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, button, False)
        return field

    def app_of(self, obj: Model) -> App:
        value: Any = obj
        for name in self.app_lookup.split("__"):
            value = getattr(value, name)
        return value  # type: ignore[no-any-return]

    def _holds(self, request: HttpRequest, role: Role | None, obj: Model | None) -> bool:
        if role is None:
            return False
        if obj is not None and obj.pk is not None:
            held = role_in(request, self.app_of(obj))
            return held is not None and held.covers(role)
        return holds_somewhere(request, role)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._holds(request, self.view_role, None)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._holds(request, self.view_role, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._holds(request, self.edit_role, None)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._holds(request, self.edit_role, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._holds(request, self.edit_role, obj)
