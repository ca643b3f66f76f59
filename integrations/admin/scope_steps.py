"""Asks the provider for scopes that dialogs need and the App's own grant lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.views.decorators.http import require_POST

from integrations.flows import authorize
from integrations.flows.configure import action_at
from xoplatform.admin_site import app_page
from xoplatform.core.errors import PlatformError
from xoplatform.models import Role

from .base import provider_or_404, title_of
from .cards import page_of

if TYPE_CHECKING:
    from xoplatform.models import App


@app_page("actions/<slug:provider>/scopes/", name="app_action_scopes", role=Role.DEVELOPER)
@require_POST
def ask(request: HttpRequest, app: App, provider: str) -> HttpResponseRedirect:
    """To the provider's page, as Authorize again does; the choices stay as they are stored."""
    action = action_at(app, provider_or_404(provider).manifest.name)
    if action.pk is None or not action.pre_authorized:
        messages.error(request, f"{title_of(provider)} is not authorized by the App itself. Nothing was asked.")
        return HttpResponseRedirect(page_of(action, "app_action"))
    try:
        return HttpResponseRedirect(authorize.begin(action, session=request.session, user=request.user).url)
    except PlatformError as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(page_of(action, "app_action"))
