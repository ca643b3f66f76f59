"""Apps: cards to choose from, a form, and a deletion that says what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.transaction import atomic
from django.shortcuts import redirect
from unfold.views import ChangeList

from xoplatform.admin_site import AppScopedAdmin, choose
from xoplatform.app_choice import roles_of
from xoplatform.contents import contents_of
from xoplatform.models import App, Member, Role

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest, HttpResponse


class AppCards(ChangeList):  # type: ignore[misc]  # unfold ships no types
    """The list as cards, each with the person's role in its App."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        roles = roles_of(request)
        for app in self.result_list:
            app.role_here = roles.get(app.pk)


@admin.register(App)
class AppAdmin(AppScopedAdmin):
    app_lookup = "pk"
    list_display = ("name", "description")
    search_fields = ("name", "slug", "description")
    list_per_page = 60
    actions = None
    change_list_template = "xoplatform/app_cards.html"
    delete_confirmation_template = "xoplatform/app_delete.html"
    fieldsets = (
        (None, {"fields": ("name", "slug", "description")}),
        ("Language and time", {"fields": (("locale", "time_zone"),)}),
        ("End users", {"fields": ("identity_rule",)}),
    )

    def get_changelist(self, _request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        return AppCards

    def get_list_filter(self, _request: HttpRequest) -> list[Any]:
        return []

    def app_of(self, obj: Model) -> App:
        assert isinstance(obj, App)  # noqa: S101 -- registered for App alone
        return obj

    def get_prepopulated_fields(self, _request: HttpRequest, obj: Model | None = None) -> dict[str, tuple[str, ...]]:
        return {} if obj else {"slug": ("name",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The address stays, since channels and bookmarks know it."""
        return ["slug"] if obj else []

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)  # type: ignore[no-any-return]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request) if obj is None else super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._holds(request, Role.OWNER, obj)

    def save_model(self, request: HttpRequest, obj: App, form: Any, change: bool) -> None:
        """Whoever creates an App becomes its first owner."""
        with atomic():
            super().save_model(request, obj, form, change)
            if not change:
                Member.objects.create(app=obj, user_id=request.user.pk or 0, role=Role.OWNER)

    def response_add(self, request: HttpRequest, obj: App, _post_url_continue: str | None = None) -> HttpResponse:
        choose(request, obj)
        self.message_user(request, f"{obj.name} was created, and you are its owner.")
        return redirect("admin:app_overview", obj.slug)

    def response_change(self, request: HttpRequest, obj: App) -> HttpResponse:
        self.message_user(request, f"{obj.name} was saved.")
        return redirect("admin:app_overview", obj.slug)

    def get_deleted_objects(self, objs: QuerySet[App], request: HttpRequest) -> tuple[Any, ...]:
        """Counts instead of rows: an App may hold a million messages, and its owner may delete them all."""
        counts: dict[str, int] = {}
        for app in objs:
            for name, count in contents_of(app).items():
                counts[name] = counts.get(name, 0) + count
        lacking = {"App"} if any(not self.has_delete_permission(request, app) for app in objs) else set()
        return [str(app) for app in objs], counts, lacking, []
