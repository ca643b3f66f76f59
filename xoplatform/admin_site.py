"""The admin as the product's face: pages that belong to one App, and who may open them.

`app_page` registers a page under ``/admin/apps/<app>/…``; `AppScopedAdmin` is the base of
every model admin whose rows belong to an App. Both know one rule: strangers get 404, members
whose role is too low get 403.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import admin, auth
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from unfold.sites import UnfoldAdminSite

from .app_choice import CHOSEN_APP, Choice, choice_of, choose, chosen_app, open_app, role_in
from .models import App, Role
from .scoped_admin import APP_PARAMETER, AppFilter, AppScopedAdmin

__all__ = [
    "CHOSEN_APP",
    "AppFilter",
    "AppScopedAdmin",
    "PlatformAdminSite",
    "app_page",
    "choose",
    "chosen_app",
    "open_app",
    "page_context",
    "role_for",
    "system_page",
]

#: Names and icons of the colour themes, for the user menu.
THEMES = [("light", "light_mode"), ("dark", "dark_mode"), ("auto", "computer")]

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class AppPage:
    """A page of one App: its route below ``apps/<app>/``, its URL name and the role it needs."""

    route: str
    name: str
    role: Role
    view: Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class SystemPage:
    """A page of the whole installation, for superusers."""

    route: str
    name: str
    view: Callable[..., HttpResponseBase]


_pages: list[AppPage] = []
_system_pages: list[SystemPage] = []


def app_page(route: str, *, name: str, role: Role = Role.VIEWER) -> Callable[[View], View]:
    """Registers ``view(request, app, …)`` as the admin page ``admin:<name>`` of an App."""

    def register(view: View) -> View:
        _pages.append(AppPage(route, name, role, view))
        return view

    return register


def role_for(name: str) -> Role:
    """The role that the App page with this URL name needs."""
    return next((page.role for page in _pages if page.name == name), Role.OWNER)


def system_page(route: str, *, name: str) -> Callable[[View], View]:
    """Registers ``view(request, …)`` as the admin page ``admin:<name>`` under ``/admin/system/``."""

    def register(view: View) -> View:
        _system_pages.append(SystemPage(route, name, view))
        return view

    return register


def page_context(request: HttpRequest, app: App | None, title: str, **extra: Any) -> dict[str, Any]:
    """What every page that extends ``admin/base_site.html`` needs.

    ``app_role`` is the person's role in ``app``; ``may_edit`` and ``may_manage`` say whether it
    covers developer and owner.
    """
    role = role_in(request, app) if app else None
    return {
        **admin.site.each_context(request),
        "title": title,
        "app": app,
        "app_role": role,
        "may_edit": role is not None and role.covers(Role.DEVELOPER),
        "may_manage": role is Role.OWNER,
        **extra,
    }


class PlatformAdminSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold ships no types
    """Unfold's site with the pages that Apps register, and sign-in left to allauth."""

    def get_urls(self) -> list[Any]:
        pages = [path(f"apps/<slug:app_slug>/{p.route}", self._page(p), name=p.name) for p in _pages]
        system = [path(f"system/{p.route}", self._system_page(p), name=p.name) for p in _system_pages]
        return [*pages, *system, *super().get_urls()]

    def _page(self, page: AppPage) -> Callable[..., HttpResponseBase]:
        def view(request: HttpRequest, app_slug: str, **kwargs: Any) -> HttpResponseBase:
            return page.view(request, open_app(request, app_slug, page.role), **kwargs)

        return self.admin_view(view)  # type: ignore[no-any-return]

    def _system_page(self, page: SystemPage) -> Callable[..., HttpResponseBase]:
        def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if not getattr(request.user, "is_superuser", False):
                raise PermissionDenied("This page is about the whole installation. Ask a superuser.")
            return page.view(request, **kwargs)

        return self.admin_view(view)  # type: ignore[no-any-return]

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Sends to allauth's page, which knows two-factor sign-in and slows down guessing."""
        wanted = request.GET.get("next", "")
        if self.has_permission(request):
            safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
            return redirect(wanted if wanted and safe else reverse("admin:index"))
        if request.user.is_authenticated:
            raise PermissionDenied(
                "This account is not a staff account, so it has no access to the administration. "
                "An administrator can change that under System, Staff accounts."
            )
        return redirect_to_login(wanted or reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        auth.logout(request)
        return redirect("account_login")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        choice = choice_of(request) if self.has_permission(request) else Choice([], None, None)
        return {
            **super().each_context(request),
            "app_choices": choice.apps,
            "chosen_app": choice.chosen,
            "chosen_app_role": choice.role,
            "crumbs": _crumbs(request, choice.chosen),
            "xo_themes": THEMES,
        }


def _crumbs(request: HttpRequest, app: App | None) -> list[dict[str, str]]:
    """The App as the first step of the way to a page, where the page belongs to one."""
    match = request.resolver_match
    if app is None or match is None:
        return []
    of_app = isinstance(getattr(match.func, "model_admin", None), AppScopedAdmin) and (
        "object_id" in match.kwargs or APP_PARAMETER in request.GET
    )
    if not of_app and "app_slug" not in match.kwargs:
        return []
    return [{"title": app.name, "link": reverse("admin:app_overview", args=[app.slug])}]
