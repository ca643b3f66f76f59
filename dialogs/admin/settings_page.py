"""How an App's conversations behave where people do not go straight on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dialogs.engine.settings import CHOICES, DEFAULTS, SECTIONS, SPECS
from dialogs.flows.conversation_settings import keep_settings, settings_of
from dialogs.nodes.fields import Flag, Number, OneOf
from xoplatform.admin_site import app_page, page_context
from xoplatform.models import Role

if TYPE_CHECKING:
    from dialogs.nodes.fields import Spec
    from xoplatform.models import App


class SettingsForm(forms.Form):
    """One field for each of the settings there are."""

    def __init__(self, *args: Any, editable: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, spec in SPECS.items():
            self.fields[name] = _field(spec)
            self.fields[name].disabled = not editable

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in SECTIONS.items()]


def _field(spec: Spec) -> forms.Field:
    words: dict[str, Any] = {"label": spec.title, "help_text": spec.help}
    if isinstance(spec, OneOf):
        return forms.ChoiceField(choices=[(option, CHOICES[option]) for option in spec.options], **words)
    if isinstance(spec, Number):
        low, high = spec.low or 0, spec.high or 0
        return forms.IntegerField(min_value=int(low), max_value=int(high), **words)
    return forms.BooleanField(required=False, **words) if isinstance(spec, Flag) else forms.CharField(**words)


@app_page("dialogs/settings/", name="app_conversation_settings")
@require_http_methods(["GET", "POST"])
def conversation_settings(request: HttpRequest, app: App) -> HttpResponse:
    """All members read them, developers change them."""
    role: Role = request.app_role  # type: ignore[attr-defined]  # set by open_app
    may_edit = role.covers(Role.DEVELOPER)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied("Only developers of the App change its settings.")
    form = SettingsForm(request.POST or None, initial={**DEFAULTS, **settings_of(app.pk)}, editable=may_edit)
    if request.method == "POST" and form.is_valid():
        keep_settings(app.pk, form.cleaned_data)
        messages.success(request, _("The settings were saved. They hold from the next message on."))
        return HttpResponseRedirect(reverse("admin:app_conversation_settings", args=[app.slug]))
    context = page_context(request, app, "Conversation settings", form=form)
    return render(request, "dialogs/tasks/settings.html", context, status=400 if form.errors else 200)
