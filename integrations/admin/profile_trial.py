"""Test: tries a saved profile and shows what came back, redacted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.template.response import TemplateResponse
from django.urls import reverse

from integrations.flows import profile_trial as trial
from xoplatform.admin_site import page_context
from xoplatform.core.crypto import Secret
from xoplatform.core.errors import PlatformError

from .display import pretty_json

if TYPE_CHECKING:
    from django.http import HttpRequest

    from integrations.models import AuthorizationProfile

OWN_FIELDS: dict[str, tuple[str, type[forms.Widget]]] = {
    "tenant": ("Tenant (the organization's name)", forms.TextInput),
    "check_url": ("Check URL", forms.URLInput),
    "username": ("User name or e-mail", forms.TextInput),
    "password": ("Password or API token", forms.PasswordInput),
    "key": ("API key", forms.PasswordInput),
}


class TrialForm(forms.Form):
    """Asks for what the type needs and the profile does not hold. Nothing of it is kept."""

    def __init__(self, profile: AuthorizationProfile, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profile = profile
        for name in trial.asked_for(profile):
            label, widget = OWN_FIELDS[name]
            initial = profile.check_url if name == "check_url" else ""
            attrs = {"autocomplete": "off"}
            required = not (name == "check_url" and profile.check_url)
            self._add(name, label, widget(attrs=attrs), initial=initial, required=required)
        for row in profile.form_fields:
            self._add(f"field-{row['key']}", row["title"], forms.PasswordInput(), help_text=row.get("help", ""))

    def _add(self, name: str, label: str, widget: forms.Widget, **options: Any) -> None:
        field = forms.CharField(label=label, max_length=3000, widget=widget, **options)
        field.error_messages["required"] = f"{label} is missing."
        self.fields[name] = field

    def typed(self) -> trial.Typed:
        values = self.cleaned_data
        return trial.Typed(
            tenant=values.get("tenant", ""),
            username=values.get("username", ""),
            password=Secret(values.get("password", "")),
            key=Secret(values.get("key", "")),
            check_url=values.get("check_url", ""),
            fields={name.removeprefix("field-"): text for name, text in values.items() if name.startswith("field-")},
        )


def trial_page(request: HttpRequest, profile: AuthorizationProfile) -> TemplateResponse:
    """The page of one test: what has to be typed, the button, and beside it the result."""
    form = TrialForm(profile, request.POST if request.method == "POST" else None)
    context = page_context(request, profile.app, f"Test {profile}", profile=profile, form=form, result=None)
    change = reverse("admin:integrations_authorizationprofile_change", args=[profile.pk])
    context["back"] = change
    context["crumbs"] = [*context["crumbs"], {"title": str(profile), "link": change}]
    if request.method == "POST" and form.is_valid():
        context["result"] = result = _tried(request, profile, form)
        context["headers"], context["body"] = pretty_json(result.headers), _text(result.body)
    return TemplateResponse(request, "integrations/admin/profile_trial.html", context)


def _tried(request: HttpRequest, profile: AuthorizationProfile, form: TrialForm) -> trial.Result:
    try:
        return trial.run(profile, form.typed(), actor=request.user)
    except PlatformError as error:
        return trial.Result(ok=False, words=error.message)


def _text(body: Any) -> Any:
    return pretty_json(body) if isinstance(body, dict | list) else body or "-"
