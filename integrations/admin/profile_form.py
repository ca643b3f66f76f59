"""The form of an OAuth v2 authorization profile; what is wrong is said with the field's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold.widgets import UnfoldAdminPasswordWidget

from integrations.models import AuthorizationProfile

from .pairs import PairsField

if TYPE_CHECKING:
    from integrations.catalog.manifest import Manifest

URL_FIELDS = {"authorization_url": True, "token_url": True, "refresh_url": False}


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # Django does not subscript it at run time
    """The secret can be set and replaced, never read: left empty it stays as it is."""

    scopes = PairsField(
        label="Scope",
        required=False,
        help_text="What the provider is asked for: one row per scope, its name under Value.",
    )
    client_secret = forms.CharField(
        label="Client Secret",
        max_length=255,
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = AuthorizationProfile
        fields: ClassVar = [
            "app",
            "name",
            "type",
            "identity_provider",
            "client_id",
            "client_secret",
            "authorization_url",
            "token_url",
            "refresh_url",
            "scopes",
            "description",
        ]
        help_texts: ClassVar = {"refresh_url": "Used to refresh access tokens; empty: the Token Request URL."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("identity_provider", "client_id", "authorization_url", "token_url"):
            if name in self.fields:
                self.fields[name].required = True
        for name, field in self.fields.items():
            label = str(field.label or name.replace("_", " "))
            field.error_messages["required"] = f"{label[:1].upper()}{label[1:]} is missing."
        if secret := self.fields.get("client_secret"):
            stored = self.instance.client_secret_set_at if self.instance.client_secret else None
            secret.required = not self.instance.client_secret
            secret.help_text = (
                f"Set on {stored:%-d %b %Y}. Leave empty to keep it."
                if stored
                else "Stored encrypted, never shown again."
            )

    def save(self, commit: bool = True) -> AuthorizationProfile:
        if self.cleaned_data.get("client_secret"):
            self.instance.client_secret_set_at = timezone.now()
        profile: AuthorizationProfile = super().save(commit)
        return profile

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for name in URL_FIELDS:
            if values.get(name):
                self._check_address(name, values[name])
        return values

    def _check_address(self, name: str, address: str) -> None:
        if not address.startswith(("https://", "http://")):
            label = str(self.fields[name].label)
            self.add_error(name, ValidationError(f"{label[:1].upper()}{label[1:]} must be a web address: https://…"))


def values_of(manifest: Manifest) -> dict[str, Any]:
    """What a provider already tells, so that only name, client ID and secret are typed."""
    oauth = manifest.authorization.oauth
    return {
        "name": manifest.title,
        "identity_provider": manifest.title,
        "authorization_url": oauth.authorization_url.url(),
        "token_url": oauth.token_url.url(),
        "refresh_url": oauth.refresh_url.url(),
        "scopes": [{"key": "scope", "value": scope} for scope in oauth.scopes],
    }
