"""The form of a webhook; what may be saved is decided by the flow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogs.flows.webhooks.keeping import LONGEST_NAME, LONGEST_URL
from dialogs.flows.webhooks.types import TYPES

if TYPE_CHECKING:
    from dialogs.errors import BadWebhook
    from dialogs.models import Webhook


class WebhookForm(forms.Form):
    """What staff choose about a webhook."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("How it is called here."),
        error_messages={"required": _("Give it a name.")},
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_URL,
        help_text=_(
            "Gets each event as a signed POST. It must begin with https, unless an administrator has allowed it."
        ),
        error_messages={"required": _("Give the address that gets the events.")},
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=[(name, name) for name in TYPES],
        error_messages={"required": _("Choose at least one event.")},
    )
    active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def refuse(self, error: BadWebhook) -> None:
        """Puts what the flow did not like beside its field."""
        reason = str(error.details["reason"])
        self.add_error(error.details["field"], f"{reason[0].upper()}{reason[1:]}")

    @property
    def choices(self) -> list[dict[str, Any]]:
        """Every type with what it tells, and whether it is chosen."""
        chosen = self["events"].value() or []
        return [{"name": name, "words": words, "chosen": name in chosen} for name, words in TYPES.items()]


def form_of(hook: Webhook) -> WebhookForm:
    """The form with what is stored."""
    return WebhookForm({"name": hook.name, "url": hook.url, "events": hook.events, "active": hook.active})
