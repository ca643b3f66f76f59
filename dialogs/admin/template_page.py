"""*Explore Templates*: a provider's ready-made dialogs, and installing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dialogs.errors import UnknownTemplate
from dialogs.flows.install import Mode, install, is_configured
from dialogs.flows.progress import request_all
from dialogs.flows.template_cards import cards_of
from integrations import api
from xoplatform.admin_site import app_page, page_context
from xoplatform.core.errors import PlatformError
from xoplatform.models import Role

if TYPE_CHECKING:
    from xoplatform.models import App

ALL = "*"


@app_page("actions/<slug:provider>/templates/", name="app_templates")
@require_http_methods(["GET", "POST"])
def templates(request: HttpRequest, app: App, provider: str) -> HttpResponse:
    known = api.providers()
    if provider not in known:
        raise Http404("No such provider.")
    if request.method == "POST":
        _install(request, app, provider)
        return redirect("admin:app_templates", app.slug, provider)
    cards = cards_of(app, provider)
    context = page_context(
        request,
        app,
        f"{known[provider].title} templates",
        provider=known[provider],
        cards=cards,
        configured=is_configured(app, provider),
        busy=any(card.busy for card in cards),
        done=sum(card.task is not None for card in cards),
        missing=[card for card in cards if card.task is None and not card.busy],
    )
    return render(request, "dialogs/templates/templates.html", context)


def _install(request: HttpRequest, app: App, provider: str) -> None:
    role = app.role_of(request.user)
    if role is None or not role.covers(Role.DEVELOPER):
        raise PermissionDenied("Installing templates needs the role Developer. Ask an owner of the App.")
    wanted, mode = request.POST.get("template", ""), request.POST.get("mode", "new")
    try:
        if mode not in get_args(Mode):
            raise UnknownTemplate(provider=provider, template=wanted)
        if wanted == ALL:
            request_all(app, provider, request.user)
        else:
            task = install(app, provider, wanted, mode)  # type: ignore[arg-type]  # checked above
            messages.success(request, f"{task.title} is installed.")
    except PlatformError as error:
        messages.error(request, error.message)
