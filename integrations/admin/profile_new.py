"""Create New: the form of a profile in its place below the action, with the provider's values filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.forms import CheckboxInput
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from integrations.flows import profiles
from integrations.flows.clients import callback_url
from integrations.flows.configure import action_at
from integrations.flows.profile_kinds import KINDS
from integrations.models import AuthorizationProfile
from xoplatform.admin_site import app_page, page_context
from xoplatform.models import Role

from .base import provider_or_404
from .cards import page_of
from .profile_form import GROUPS, ProfileForm, type_styles, values_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from integrations.models import Action
    from xoplatform.models import App


class NewProfileForm(ProfileForm):
    """The same form for an App that is settled."""

    class Meta(ProfileForm.Meta):
        fields: ClassVar = [name for name in ProfileForm.Meta.fields if name != "app"]


@app_page("actions/<slug:provider>/profiles/new/", name="app_action_profile_new", role=Role.DEVELOPER)
def create(request: HttpRequest, app: App, provider: str) -> HttpResponseBase:
    """Saves a profile and goes back to the action, which does not select it: that is a step of its own."""
    known = provider_or_404(provider)
    action = action_at(app, provider)
    back = _back(request, action)
    empty = AuthorizationProfile(app=app)
    if request.method == "POST":
        form = NewProfileForm(request.POST, instance=empty)
        if form.is_valid():
            saved = profiles.save(form.instance, secret=form.cleaned_data["client_secret"], actor=request.user)
            messages.success(request, f"“{saved}” is saved. Select it under Custom, then authorize.")
            return HttpResponseRedirect(back)
    else:
        form = NewProfileForm(instance=empty, initial=values_of(known.manifest))
    context = page_context(request, app, f"{known.manifest.title} · New authorization profile")
    actions = {"title": "Actions", "link": reverse("admin:app_actions", args=[app.slug])}
    page = {"title": known.manifest.title, "link": page_of(action, "app_action")}
    context["crumbs"] = [*context["crumbs"], actions, page]
    context |= {"form": form, "groups": _groups(form), "provider": known.manifest, "back": back}
    context |= {"callback_url": callback_url(), "type_styles": type_styles(), "sentences": _sentences()}
    status = 400 if form.errors else 200
    return TemplateResponse(request, "integrations/admin/profile_new.html", context, status=status)


def _back(request: HttpRequest, action: Action) -> str:
    """The action's page, with the choices made there but not saved yet."""
    wanted = request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and here else f"{page_of(action, 'app_action')}?card=custom"


def _groups(form: NewProfileForm) -> list[tuple[str, list[dict[str, Any]]]]:
    def entry(name: str) -> dict[str, Any]:
        field = form[name] if name in form.fields else None
        return {"name": name, "field": field, "is_check": field and isinstance(field.field.widget, CheckboxInput)}

    return [(title, [entry(name) for name in names]) for title, names in GROUPS]


def _sentences() -> list[tuple[str, str]]:
    return [(str(AuthorizationProfile.Type(kind).label), known.sentence) for kind, known in KINDS.items()]
