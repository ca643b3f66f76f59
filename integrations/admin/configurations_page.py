"""The Configurations of one action: Instructions, Authorization, and the way to its templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.response import TemplateResponse
from django.urls import reverse

from integrations.flows.client_faults import faults_of
from integrations.flows.clients import GRANTS, callback_url
from integrations.flows.configure import action_at
from integrations.forms import BasicForm
from integrations.models import Action, AuthorizationProfile, Connection
from xoplatform.admin_site import app_page, page_context

from .base import provider_or_404
from .cards import menu_of, page_of, templates_page
from .choices import form_choices
from .client_faults import note_of
from .connection_page import needs_of
from .display import action_badge
from .instructions import instructions_of
from .people_steps import people_of
from .progress import SILENCE, ending_of, is_waiting, last_attempt

if TYPE_CHECKING:
    from django.http import HttpRequest

    from integrations.catalog.base import Provider
    from xoplatform.models import App

INSTRUCTIONS, AUTHORIZATION = "instructions", "authorization"


@app_page("actions/<slug:provider>/", name="app_action")
def configurations(
    request: HttpRequest, app: App, provider: str, basic_form: BasicForm | None = None
) -> TemplateResponse:
    """The page of one action; ``?tab=instructions`` shows how it is set up."""
    known = provider_or_404(provider)
    action = action_at(app, provider)
    context = page_context(request, app, f"{known.manifest.title} · Configurations")
    tab = INSTRUCTIONS if request.GET.get("tab") == INSTRUCTIONS else AUTHORIZATION
    context["crumbs"] = [
        *context["crumbs"],
        {"title": "Actions", "link": reverse("admin:app_actions", args=[app.slug])},
    ]
    context |= _frame(request, action, known, tab)
    context |= instructions_of(known) if tab == INSTRUCTIONS else _authorization(request, action, known)
    if tab == AUTHORIZATION and Action.Method.BASIC in known.manifest.authorization.methods:
        context["basic_form"] = basic_form or BasicForm(known)
        context["basic_address"] = page_of(action, "app_action_basic")
    return TemplateResponse(request, "integrations/admin/configurations.html", context)


def _frame(request: HttpRequest, action: Action, provider: Provider, tab: str) -> dict[str, Any]:
    address, templates = page_of(action, "app_action"), templates_page(action)
    tabs = [
        {"title": "Instructions", "address": f"{address}?tab={INSTRUCTIONS}", "is_open": tab == INSTRUCTIONS},
        {"title": "Authorization", "address": address, "is_open": tab == AUTHORIZATION},
    ]
    if templates:
        tabs.append({"title": "Templates", "address": templates, "is_open": False})
    # What has a tab or a button of its own on this page is not offered twice.
    elsewhere = {address, templates, page_of(action, "app_action_enable") if tab == AUTHORIZATION else ""}
    return {
        "action": action,
        "provider": provider.manifest,
        "badge": action_badge(action) if action.configured else "",
        "tabs": tabs,
        "tab_shown": tab,
        "address": address,
        "templates_address": templates,
        "menu": [item for item in menu_of(action) if item.address not in elsewhere],
        "celebrate": request.GET.get("enabled") == "first" and action.status == Action.Status.ENABLED,
    }


def _authorization(request: HttpRequest, action: Action, provider: Provider) -> dict[str, Any]:
    asked = request.POST or request.GET
    wanted = {name: asked[name] for name in ("edition", "card", "method", "authorization_type") if name in asked}
    attempt = last_attempt(request, action)
    return {
        **form_choices(action, provider, wanted),
        **_connected(action),
        **people_of(action),
        "client_fault": note_of(faults_of(action).select_related("profile").first()),
        "profiles": _profiles(action.app),
        "create_profile_address": page_of(action, "app_action_profile_new"),
        "is_waiting": is_waiting(attempt),
        "ending": ending_of(attempt),
        "silence": SILENCE,
        "callback_url": callback_url(),
        "authorize_address": page_of(action, "app_action_authorize"),
        "state_address": page_of(action, "app_action_authorize_state"),
        "site_address": page_of(action, "app_action_site"),
        "enable_address": page_of(action, "app_action_enable"),
        "actions_address": reverse("admin:app_actions", args=[action.app.slug]),
    }


def _connected(action: Action) -> dict[str, Any]:
    connection = action.connection_for(None) if action.pk else None
    is_enabled = action.configured and action.status != Action.Status.DISABLED
    choosing = connection is not None and connection.state == Connection.State.CHOOSING_SITE
    return {
        "connection": connection,
        "needs": needs_of(connection) if connection and connection.usable else [],
        "new_sites": connection.new_sites if connection else [],
        "scopes_address": page_of(action, "app_action_scopes"),
        "account": _account(connection) if connection else "",
        "connection_address": reverse("admin:integrations_connection_change", args=[connection.pk])
        if connection
        else "",
        "sites_to_choose": connection.sites if connection and choosing else [],
        "is_enabled": is_enabled,
        "may_enable": connection is not None and connection.usable,
    }


def _account(connection: Connection) -> str:
    name = connection.account_name or connection.account_id or "an unnamed account"
    return f"{name} <{connection.account_email}>" if connection.account_email else name


def _profiles(app: App) -> list[AuthorizationProfile]:
    """Those that lead to OAuth tokens; the method Basic needs none, and keys are for providers that take them."""
    types = [AuthorizationProfile.Type.OAUTH2, *GRANTS]
    return list(app.authorization_profiles.filter(type__in=types).only("pk", "name", "type", "tenancy"))
