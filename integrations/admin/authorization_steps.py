"""What the buttons of the Authorization tab do: authorize, wait, choose a site, enable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from integrations.flows import authorize, configure, direct, sites
from integrations.flows.configure import action_at
from integrations.models import Action, AuthorizationProfile
from xoplatform.admin_site import app_page, page_context
from xoplatform.core.crypto import Secret
from xoplatform.core.errors import PlatformError
from xoplatform.models import App, Role

from .base import provider_or_404, title_of
from .cards import page_of
from .progress import last_attempt, word_for

if TYPE_CHECKING:
    from typing import Any

    from django.forms import ModelChoiceField


NOT_HERE = (
    "Under “Allow users to authorize the integration” each person authorizes with a link, so nothing was started here. "
    "Press Enable."
)


class ChoicesForm(forms.Form):
    """The choices of the Authorization tab. Which of them are offered is the flow's to say."""

    edition = forms.CharField(required=False)
    authorization_type = forms.CharField(initial=Action.AuthorizationType.PRE_AUTHORIZE)
    method = forms.CharField(initial=Action.Method.OAUTH)
    card = forms.CharField(error_messages={"required": "Choose System or Custom. Nothing was started."})
    tenant = forms.CharField(required=False, max_length=100)
    profile: ModelChoiceField[AuthorizationProfile] = forms.ModelChoiceField(
        AuthorizationProfile.objects.none(), required=False
    )

    def __init__(self, app: App, data: Any) -> None:
        super().__init__(data)
        field = self.fields["profile"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        field.queryset = app.authorization_profiles.all()

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("card") == Action.Card.CUSTOM and not values.get("profile") and "profile" not in self.errors:
            self.add_error(None, "Select an authorization profile for Custom, or create one. Nothing was started.")
        return values

    def words(self) -> str:
        return " ".join(str(word) for errors in self.errors.values() for word in errors)


@app_page("actions/<slug:provider>/authorize/", name="app_action_authorize", role=Role.DEVELOPER)
@require_POST
def start(request: HttpRequest, app: App, provider: str) -> HttpResponseBase:
    """Stores the choices and sends the browser to the provider; a script gets the address as JSON instead."""
    known = provider_or_404(provider).manifest.name
    form = ChoicesForm(app, request.POST)
    try:
        if not form.is_valid():
            return _refused(request, app, known, form.words())
        if form.cleaned_data["authorization_type"] == Action.AuthorizationType.ALLOW_USERS:
            return _refused(request, app, known, NOT_HERE)
        action = configure.open_action(app, known)
        pending = configure.prepare(action, actor=request.user, **form.cleaned_data)
        if direct.is_direct(action):
            return _connected(request, action, pending)
        begun = authorize.begin(action, session=request.session, user=request.user, choices=pending)
    except PlatformError as error:
        return _refused(request, app, known, error.message)
    return JsonResponse({"url": begun.url}) if _wants_json(request) else HttpResponseRedirect(begun.url)


def _connected(request: HttpRequest, action: Action, pending: dict[str, Any]) -> HttpResponseBase:
    """Authorizes at once, where the profile needs no consent page."""
    password = Secret(request.POST.get("password", ""))
    username = request.POST.get("username", "")
    row = direct.connect(action, username=username, password=password, choices=pending, actor=request.user)
    messages.success(request, f"{title_of(action.provider)} is authorized as {row}.")
    address = page_of(action, "app_action")
    return JsonResponse({"done": address}) if _wants_json(request) else HttpResponseRedirect(address)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _refused(request: HttpRequest, app: App, provider: str, words: str) -> HttpResponseBase:
    if _wants_json(request):
        return JsonResponse({"error": words}, status=400)
    messages.error(request, words)
    return HttpResponseRedirect(page_of(Action(app=app, provider=provider), "app_action"))


@app_page("actions/<slug:provider>/authorize/state/", name="app_action_authorize_state", role=Role.DEVELOPER)
def state(request: HttpRequest, app: App, provider: str) -> JsonResponse:
    """What the waiting page asks for every two seconds."""
    action = action_at(app, provider_or_404(provider).manifest.name)
    return JsonResponse({"state": word_for(last_attempt(request, action))})


@app_page("actions/<slug:provider>/site/", name="app_action_site", role=Role.DEVELOPER)
@require_POST
def site(request: HttpRequest, app: App, provider: str) -> HttpResponseRedirect:
    """Pins the site that was chosen among those of the grant."""
    action = action_at(app, provider_or_404(provider).manifest.name)
    connection = action.connection_for(None) if action.pk else None
    try:
        if connection is None:
            messages.error(request, "There is no authorization to choose a site for. Authorize first.")
        else:
            chosen = sites.choose_site(connection, request.POST.get("site", ""), actor=request.user)
            messages.success(request, f"{title_of(provider)} is authorized for the site {chosen.site_name}.")
    except PlatformError as error:
        messages.error(request, error.message)
    return HttpResponseRedirect(page_of(action, "app_action"))


@app_page("actions/<slug:provider>/enable/", name="app_action_enable", role=Role.DEVELOPER)
def enable(request: HttpRequest, app: App, provider: str) -> HttpResponseBase:
    """Asks on GET, enables on POST; the first time the page congratulates."""
    action, title = action_at(app, provider_or_404(provider).manifest.name), title_of(provider)
    if action.pk and not action.pre_authorized:
        return HttpResponseRedirect(page_of(action, "app_action_people"))
    if request.method != "POST":
        return TemplateResponse(request, "integrations/admin/confirm.html", _question(request, app, action))
    address = page_of(action, "app_action")
    try:
        enabled = configure.enable(configure.open_action(app, action.provider), actor=request.user)
    except PlatformError as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(address)
    if enabled.first:
        return HttpResponseRedirect(f"{address}?enabled=first")
    messages.success(request, f"{title} is enabled. Dialogs can use it again.")
    return HttpResponseRedirect(address)


def _question(request: HttpRequest, app: App, action: Action) -> dict[str, Any]:
    title = title_of(action.provider)
    return page_context(
        request,
        app,
        f"Enable {title}",
        question=f"Enable {title}?",
        consequences=[
            "Dialogs of this App can use it at once.",
            "The authorization from before is used as long as it works; nobody has to consent again.",
        ],
        button="Enable",
        back=page_of(action, "app_action"),
    )
