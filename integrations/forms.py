"""Forms that staff and end users share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from integrations.errors import SiteRefused
from integrations.flows.basic import wrong_end
from integrations.flows.site_address import site_address

if TYPE_CHECKING:
    from datetime import date

    from integrations.catalog.base import Provider


class BasicForm(forms.Form):
    """Site, e-mail and API token. The token is never shown again, not even beside an error."""

    site_url = forms.CharField(label="Site URL", max_length=300, widget=forms.TextInput(attrs={"inputmode": "url"}))
    email = forms.EmailField(label="Account e-mail", max_length=255, widget=forms.EmailInput)
    token = forms.CharField(
        label="API token",
        max_length=2000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    expires_on = forms.DateField(
        label="The token ends on (optional)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "xo-input"}),
    )

    def __init__(self, provider: Provider, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provider = provider
        self.rules = provider.manifest.authorization.basic
        self.use_required_attribute = False  # the form may stand among others
        if self.rules:
            self.fields["site_url"].widget.attrs["placeholder"] = self.rules.site_example
            self.fields["expires_on"].help_text = "You are warned before it ends."
        for field in self.fields.values():
            field.error_messages["required"] = f"{field.label} is missing."
            if self.is_bound and field.required:
                field.widget.attrs["aria-required"] = "true"

    def clean_site_url(self) -> str:
        try:
            return site_address(self.provider.manifest, self.cleaned_data["site_url"])
        except SiteRefused as error:
            raise ValidationError(error.message) from None

    def clean_expires_on(self) -> date | None:
        day: date | None = self.cleaned_data["expires_on"]
        if words := wrong_end(self.provider.manifest.name, day):
            raise ValidationError(words)
        return day

    def words(self) -> str:
        """All that is wrong, in one text."""
        return " ".join(str(word) for errors in self.errors.values() for word in errors)
