"""API keys of an App: made, changed, rotated and revoked by its owners."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xoplatform import api_keys
from xoplatform.admin_site import app_page, page_context
from xoplatform.core.errors import PlatformError
from xoplatform.models import ApiKey, Role

from .api_key_form import ApiKeyForm, RotationForm

if TYPE_CHECKING:
    from xoplatform.models import App


@app_page("api/keys/", name="app_api_keys", role=Role.OWNER)
@require_safe
def keys(request: HttpRequest, app: App) -> HttpResponse:
    """All of them, those that still open something first."""
    rows = sorted(ApiKey.objects.filter(app=app), key=lambda key: (not key.is_active, -key.pk))
    return _render(request, app, _("API keys"), "keys", keys=rows)


@app_page("api/keys/new/", name="app_api_key_new", role=Role.OWNER)
@never_cache
@require_http_methods(["GET", "POST"])
def new_key(request: HttpRequest, app: App) -> HttpResponse:
    """The value is shown in the answer that makes it, and never again."""
    form = ApiKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            key, value = api_keys.create(app, by=request.user, **form.values)
        except api_keys.KeyNameTaken as error:
            form.add_error("name", error.message)
        else:
            return _shown(request, key, value)
    return _form(request, app, _("New API key"), form)


@app_page("api/keys/<int:pk>/", name="app_api_key", role=Role.OWNER)
@require_http_methods(["GET", "POST"])
def one_key(request: HttpRequest, app: App, pk: int) -> HttpResponse:
    """What it may do, when it was used, and the ways to change or end it."""
    key = _find(app, pk)
    form = ApiKeyForm(request.POST or None, key=key)
    if request.method == "POST" and form.is_valid():
        try:
            api_keys.change(key, by=request.user, **form.values)
        except api_keys.KeyNameTaken as error:
            form.add_error("name", error.message)
        except PlatformError as error:
            messages.error(request, error.message)
            return _back(key)
        else:
            messages.success(request, _("“%(name)s” was saved. It holds at once.") % {"name": key.name})
            return _back(key)
    return _form(request, app, key.name if not form.errors else _("API key"), form, key=key)


@app_page("api/keys/<int:pk>/rotate/", name="app_api_key_rotate", role=Role.OWNER)
@never_cache
@require_http_methods(["GET", "POST"])
def rotate(request: HttpRequest, app: App, pk: int) -> HttpResponse:
    """Asks how long both values hold, then shows the new one."""
    key = _find(app, pk)
    form = RotationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            value = api_keys.rotate(key, timedelta(seconds=int(form.cleaned_data["overlap"])), by=request.user)
        except PlatformError as error:
            messages.error(request, error.message)
            return _back(key)
        return _shown(request, key, value)
    return _render(request, app, _("Rotate"), "rotate", key=key, form=form)


@app_page("api/keys/<int:pk>/revoke/", name="app_api_key_revoke", role=Role.OWNER)
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, app: App, pk: int) -> HttpResponse:
    """Asks, then ends the key for good."""
    key = _find(app, pk)
    if request.method == "POST":
        api_keys.revoke(key, by=request.user)
        messages.success(request, _("“%(name)s” is revoked. It opens nothing any more.") % {"name": key.name})
        return HttpResponseRedirect(reverse("admin:app_api_keys", args=[app.slug]))
    return _render(request, app, _("Revoke"), "revoke", key=key)


def _find(app: App, pk: int) -> ApiKey:
    key = ApiKey.objects.select_related("app", "created_by").filter(app=app, pk=pk).first()
    if key is None:
        raise Http404("No such API key.")
    return key


def _back(key: ApiKey) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:app_api_key", args=[key.app.slug, key.pk]))


def _shown(request: HttpRequest, key: ApiKey, value: str) -> HttpResponse:
    address = f"{settings.XO_BASE_URL}{reverse('api-apps')}"
    return _render(
        request,
        key.app,
        _("The key"),
        "value",
        key=key,
        value=value,
        curl=f"curl -H 'Authorization: Bearer {value}' {address}",
    )


def _form(request: HttpRequest, app: App, title: str, form: ApiKeyForm, key: ApiKey | None = None) -> HttpResponse:
    return _render(request, app, title, "key", status=400 if form.errors else 200, form=form, key=key)


def _render(request: HttpRequest, app: App, title: str, page: str, *, status: int = 200, **extra: Any) -> HttpResponse:
    context = page_context(request, app, title, docs=reverse("api-docs"), **extra)
    if page != "keys":
        context["crumbs"] = [
            *context["crumbs"],
            {"title": _("API keys"), "link": reverse("admin:app_api_keys", args=[app.slug])},
        ]
    return render(request, f"xoplatform/api_keys/{page}.html", context, status=status)
