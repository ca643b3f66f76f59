"""Connecting an action with an e-mail and API token on the Authorization tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.views.decorators.http import require_POST

from integrations.flows import basic, configure
from integrations.flows.choices import choose
from integrations.forms import BasicForm
from integrations.models import Action
from xoplatform.admin_site import app_page
from xoplatform.core.errors import PlatformError
from xoplatform.models import Role

from .authorization_steps import ChoicesForm
from .base import provider_or_404
from .cards import page_of
from .configurations_page import configurations

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from integrations.catalog.base import Provider
    from integrations.models import Connection
    from xoplatform.models import App


@app_page("actions/<slug:provider>/basic/", name="app_action_basic", role=Role.DEVELOPER)
@require_POST
def connect(request: HttpRequest, app: App, provider: str) -> HttpResponseBase:
    """Checks what was typed against the provider and keeps it with the choices; otherwise nothing is kept."""
    known = provider_or_404(provider)
    form = BasicForm(known, request.POST)
    try:
        connection = _connect(request, app, known, form) if form.is_valid() else None
    except PlatformError as error:
        form.add_error(None, error.message)
        connection = None
    if connection is None:
        page = configurations(request, app, provider, basic_form=form)
        page.status_code = 400
        return page
    messages.success(request, f"{known.manifest.title} is authorized as {connection}.")
    return HttpResponseRedirect(page_of(connection.action, "app_action"))


def _connect(request: HttpRequest, app: App, provider: Provider, form: BasicForm) -> Connection:
    action = configure.open_action(app, provider.manifest.name)
    asked = ChoicesForm(app, {**request.POST.dict(), "method": Action.Method.BASIC, "card": Action.Card.SYSTEM})
    asked.full_clean()
    choices: dict[str, Any] = choose(action, **asked.cleaned_data)
    values = form.cleaned_data
    return basic.connect(
        action,
        None,
        values["site_url"],
        values["email"],
        values["token"],
        expires_on=values["expires_on"],
        choices=choices,
        actor=request.user,
    )
