"""The admin as the product's face: pages that belong to one App, and who may open them.

`app_page` registers a page under ``/admin/apps/<app>/…``; `AppScopedAdmin` is the base of
every model admin whose rows belong to an App. Both know one rule: strangers get 404, members
whose role is too low get 403.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import path
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from .models import App, Role

#: Session key of the App chosen last.
CHOSEN_APP = "app"


class AppView(Protocol):
    def __call__(self, request: HttpRequest, app: App, **kwargs: Any) -> HttpResponseBase: ...


@dataclass(frozen=True)
class AppPage:
    """A page of one App: its route below ``apps/<app>/``, its URL name and the role it needs."""

    route: str
    name: str
    role: Role
    view: AppView


_pages: list[AppPage] = []


def app_page(route: str, *, name: str, role: Role = Role.VIEWER) -> Callable[[AppView], AppView]:
    """Registers ``view(request, app, …)`` as the admin page ``admin:<name>`` of an App."""

    def register(view: AppView) -> AppView:
        _pages.append(AppPage(route, name, role, view))
        return view

    return register


def open_app(request: HttpRequest, slug: str, role: Role) -> App:
    """The App at this address, remembered as the chosen one.

    Raises Http404 for a stranger (so that names of Apps stay unknown) and PermissionDenied when
    the member's role does not cover ``role``.
    """
    app = App.objects.visible_to(request.user).filter(slug=slug).first()
    if app is None:
        raise Http404("No such App.")
    held = app.role_of(request.user)
    if held is None or not held.covers(role):
        raise PermissionDenied(f"This needs the role {role.label} in {app.name}. Ask an owner of the App.")
    request.session[CHOSEN_APP] = app.pk
    request.app_role = held  # type: ignore[attr-defined]  # read by templates
    return app


def chosen_app(request: HttpRequest) -> App | None:
    """The App chosen last, or the first one this person may see."""
    visible = App.objects.visible_to(request.user)
    return visible.filter(pk=request.session.get(CHOSEN_APP)).first() or visible.first()


class PlatformAdminSite(UnfoldAdminSite):
    """Unfold's site with the pages that Apps register."""

    def get_urls(self) -> list[Any]:
        pages = [path(f"apps/<slug:app_slug>/{p.route}", self._page(p), name=p.name) for p in _pages]
        return [*pages, *super().get_urls()]

    def _page(self, page: AppPage) -> Callable[..., HttpResponseBase]:
        def view(request: HttpRequest, app_slug: str, **kwargs: Any) -> HttpResponseBase:
            return page.view(request, open_app(request, app_slug, page.role), **kwargs)

        return self.admin_view(view)

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)


class AppScopedAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Rows are seen by members of their App and changed by those whose role allows it."""

    #: Lookup from the model to its App.
    app_lookup: ClassVar[str] = "app"
    view_role: ClassVar[Role] = Role.VIEWER
    #: Role that may add, change and delete; ``None`` makes the admin read-only for all.
    edit_role: ClassVar[Role | None] = Role.DEVELOPER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.app_lookup}__in": App.objects.visible_to(request.user)})

    def app_of(self, obj: Model) -> App:
        value: Any = obj
        for name in self.app_lookup.split("__"):
            value = getattr(value, name)
        return value  # type: ignore[no-any-return]

    def _holds(self, request: HttpRequest, role: Role | None, obj: Model | None) -> bool:
        if role is None:
            return False
        if obj is not None and obj.pk is not None:
            held = self.app_of(obj).role_of(request.user)
            return held is not None and held.covers(role)
        if request.user.is_superuser:
            return True
        enough = [r for r in Role if r.covers(role)]
        return App.objects.filter(members__user_id=request.user.pk, members__role__in=enough).exists()

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


def page_context(request: HttpRequest, app: App, title: str, **extra: Any) -> dict[str, Any]:
    """What every App page's template needs: the admin's own context, the App, the member's role."""
    return {
        **admin.site.each_context(request),
        "title": title,
        "app": app,
        "role": getattr(request, "app_role", None),
        **extra,
    }
