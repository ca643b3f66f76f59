"""Allow users: how many people will get a link, the question, and Enable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from integrations.flows import configure, links, rollout
from integrations.flows.configure import action_at
from integrations.models import Action, Connection
from xoplatform.admin_site import app_page, page_context
from xoplatform.core.errors import PlatformError
from xoplatform.models import App, Role

from .authorization_steps import ChoicesForm
from .base import provider_or_404, title_of
from .cards import page_of

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The choices that travel with the question, as the Authorization tab names them.
CHOICES = ("edition", "authorization_type", "method", "card", "profile", "tenant")
ENABLE, SEND = "Enable sends a link to", "A link goes to"


def sentences(audience: links.Audience, opening: str = ENABLE) -> list[str]:
    """Who gets a link and how, in words."""
    told = [f"{opening} {_people(audience.by_mail)}."]
    if audience.in_chat:
        has = "has" if audience.in_chat == 1 else "have"
        gets = "gets" if audience.in_chat == 1 else "get"
        told.append(f"{audience.in_chat} {has} no e-mail and {gets} theirs in chat.")
    if audience.holding:
        holds = "holds" if audience.holding == 1 else "hold"
        told.append(f"{_people(audience.holding)} already {holds} a link that still works; they get no other one.")
    return told


def people_of(action: Action) -> dict[str, Any]:
    """What the Authorization tab tells of the people of the App."""
    ours = action.pk is not None and not action.pre_authorized
    on = ours and action.status in (Action.Status.ENABLED, Action.Status.ERROR)
    connected = action.connections.exclude(end_user=None).filter(state=Connection.State.CONNECTED) if ours else None
    return {
        "people_address": page_of(action, "app_action_people"),
        "people_lines": sentences(links.audience_of(action), SEND if on else ENABLE),
        "people_on": on,
        "people_connected": connected.count() if connected is not None else 0,
        "people_total": action.app.end_users.count(),
        "links_address": f"{reverse('admin:integrations_authorizationlink_changelist')}?app={action.app.pk}",
    }


@app_page("actions/<slug:provider>/people/", name="app_action_people", role=Role.DEVELOPER)
def enable_for_people(request: HttpRequest, app: App, provider: str) -> HttpResponseBase:
    """Asks before it enables and sends; the choices of the form are stored only then."""
    action = action_at(app, provider_or_404(provider).manifest.name)
    back = HttpResponseRedirect(page_of(action, "app_action"))
    choices: dict[str, Any] = {}
    if "authorization_type" in request.POST:
        form = ChoicesForm(app, request.POST)
        if not form.is_valid():
            messages.error(request, form.words())
            return back
        choices = form.cleaned_data
    try:
        if request.POST.get("confirmed") != "yes":
            rollout.check(action, choices)
            return TemplateResponse(request, "integrations/admin/people.html", _question(request, action))
        return _roll_out(request, configure.open_action(app, action.provider), choices)
    except PlatformError as error:
        messages.error(request, error.message)
        return back


def _roll_out(request: HttpRequest, action: Action, choices: Mapping[str, Any]) -> HttpResponseBase:
    invites = request.POST.get("invite_new_users") == "yes"
    done = rollout.roll_out(action, choices, invite_new_users=invites, user=request.user)
    if done.first:
        return HttpResponseRedirect(f"{page_of(action, 'app_action')}?enabled=first")
    messages.success(request, f"{title_of(action.provider)} is enabled. The links are on their way.")
    return HttpResponseRedirect(reverse("admin:integrations_linkbatch_change", args=[done.batch.pk]))


def _question(request: HttpRequest, action: Action) -> dict[str, Any]:
    title = title_of(action.provider)
    on = action.status in (Action.Status.ENABLED, Action.Status.ERROR)
    return page_context(
        request,
        action.app,
        f"Send links for {title}" if on else f"Enable {title}",
        question=f"Send links for {title}?" if on else f"Enable {title} for everybody who uses {action.app}?",
        consequences=[
            " ".join(sentences(links.audience_of(action), SEND if on else ENABLE)),
            "The mails leave in the background, at a steady pace; Links sent shows how far they are.",
            "Dialogs of this App can use it at once: whoever has not authorized yet is asked in chat.",
        ],
        invites=action.invite_new_users,
        chosen={name: request.POST[name] for name in CHOICES if name in request.POST},
        address=page_of(action, "app_action_people"),
        button="Send links" if on else "Enable",
        back=page_of(action, "app_action"),
    )


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people" if number else "nobody"
