"""Disable and Delete, each after a page that says what will happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from integrations.flows import configure
from integrations.flows.configure import action_at
from integrations.flows.deletion import losses_of
from integrations.flows.forget import counted
from integrations.flows.links.finding import live
from xoplatform.admin_site import app_page, page_context
from xoplatform.models import App, Role

from .base import provider_or_404, vendor_of
from .cards import page_of

if TYPE_CHECKING:
    from integrations.flows.deletion import Losses
    from integrations.models import Action

CONFIRM = "integrations/admin/confirm.html"


@app_page("actions/<slug:provider>/disable/", name="app_action_disable", role=Role.DEVELOPER)
def disable(request: HttpRequest, app: App, provider: str) -> HttpResponseBase:
    """Stops dialogs from using the action; its authorization stays."""
    title, action = provider_or_404(provider).manifest.title, action_at(app, provider)
    if not action.configured:
        return _nothing_to_do(request, action, f"{title} is not enabled, so there is nothing to disable.")
    if request.method == "POST":
        configure.disable(action, actor=request.user)
        messages.success(request, f"{title} is disabled. Its authorization is kept.")
        return HttpResponseRedirect(page_of(action, "app_action"))
    context = _question(request, action, f"Disable {title}?", button="Disable")
    context["consequences"] = [
        f"Dialogs that reach a step in {title} stop there with a message that names the action.",
        "The authorization is kept. Enable brings everything back without a new consent while it still works.",
        *_on_hold(action),
    ]
    return TemplateResponse(request, CONFIRM, context)


@app_page("actions/<slug:provider>/delete/", name="app_action_delete", role=Role.DEVELOPER)
def delete(request: HttpRequest, app: App, provider: str) -> HttpResponseBase:
    """Removes the action with its connections; it stands under Available again."""
    title, action = provider_or_404(provider).manifest.title, action_at(app, provider)
    if action.pk is None:
        return _nothing_to_do(request, action, f"{title} is not configured, so there is nothing to delete.")
    if request.method == "POST":
        configure.delete(action, actor=request.user)
        messages.success(request, f"{title} is deleted from {app}, with its connections and tokens.")
        return HttpResponseRedirect(reverse("admin:app_actions", args=[app.slug]))
    context = _question(request, action, f"Delete {title} from {app}?", button="Delete")
    losses = losses_of(action)
    context["consequences"] = [
        *_what_goes(losses),
        f"{vendor_of(action.provider)} keeps listing the permission until the account's owner removes it there too.",
        f"Authorization profiles and dialog tasks stay, and {title} stands under Available again.",
    ]
    context |= {
        "is_dangerous": True,
        "losses": losses.dialog_tasks,
        "losses_title": "These dialog tasks will stop working:",
    }
    return TemplateResponse(request, CONFIRM, context)


def _on_hold(action: Action) -> list[str]:
    """What a Disable leaves as it is, in numbers."""
    told = []
    if not action.pre_authorized and (people := action.connections.filter(state="connected").count()):
        told.append(f"{counted(people, 'person', 'people')} stay connected with their own accounts.")
    if waiting := live().filter(action=action).count():
        told.append(f"{counted(waiting, 'authorization link')} cannot be used until it is enabled again.")
    return told


def _what_goes(losses: Losses) -> list[str]:
    told = ["Nothing was authorized yet."]
    if losses.connections:
        told = [f"{counted(losses.connections, 'connection')} with all tokens will be deleted. This cannot be undone."]
    if losses.people:
        told += [f"{counted(losses.people, 'person', 'people')} will have to authorize again with a new link."]
    if losses.links:
        links = counted(losses.links, "authorization link")
        told.append(f"{links} will be deleted; {losses.live_links} that can still be used stop.")
    return told


def _question(request: HttpRequest, action: Action, question: str, *, button: str) -> dict[str, Any]:
    back = page_of(action, "app_action")
    return page_context(request, action.app, question.rstrip("?"), question=question, button=button, back=back)


def _nothing_to_do(request: HttpRequest, action: Action, words: str) -> HttpResponseRedirect:
    messages.info(request, words)
    return HttpResponseRedirect(page_of(action, "app_action"))
