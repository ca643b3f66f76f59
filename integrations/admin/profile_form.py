"""The form of an authorization profile; what is wrong is said with the field's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.safestring import SafeString, mark_safe
from unfold.widgets import UnfoldAdminPasswordWidget

from integrations.flows import profiles
from integrations.flows.profile_kinds import COMMON, KINDS, LABELS
from integrations.flows.profile_rules import problems_of
from integrations.models import AuthorizationProfile

from .pairs import KEY, PLACES, VALUE, Column, RowsField

if TYPE_CHECKING:
    from integrations.catalog.manifest import Manifest

#: Headings and the fields below them. Each type shows those that it has.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("name", "type", "identity_provider", "callback_url")),
    (
        "Client and addresses",
        (
            "client_id",
            "client_secret",
            "authorization_url",
            "token_url",
            "refresh_url",
            "check_url",
            "request_method",
            "content_type",
            "auth_error_status",
        ),
    ),
    ("Subdomain", ("tenancy", "base_url")),
    ("What is asked for and sent", ("scopes", "additional_fields", "form_fields", "authorization_fields")),
    ("Notes", ("description",)),
)
HELP = {
    "client_id": "At most 255 characters. For Basic: the user name with which service nodes sign in.",
    "authorization_url": "Where people sign in. May hold {{authfield}}, and parameters of its own.",
    "token_url": "Where codes and credentials become tokens.",
    "refresh_url": "Used to refresh access tokens; empty: the Token Request URL.",
    "check_url": "Asked by Test: an address that answers only those who may.",
    "tenancy": "The addresses belong to one organization, whose name is asked for when somebody authorizes.",
    "base_url": "Such as https://{tenant}.example.com. Addresses above that begin with / are put behind it.",
    "request_method": "How the request is sent; empty: as usual.",
    "content_type": "How the body is written; empty: as the provider wants it.",
    "auth_error_status": "The status by which the provider says that the authorization has ended; empty: 401.",
}


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # Django does not subscript it at run time
    """The secret can be set and replaced, never read: left empty it stays as it is."""

    scopes = RowsField(
        label="Scope",
        required=False,
        help_text="What the provider is asked for: one row per scope, its name under Value.",
    )
    additional_fields = RowsField(
        label="Additional fields",
        required=False,
        help_text="Values of your own, put in wherever {{key}} stands. Shown to all members: not for secrets.",
    )
    form_fields = RowsField(
        (Column("title", "Title"), KEY, Column("help", "Hint", required=False)),
        label="Form fields",
        required=False,
        help_text="What is asked of whoever authorizes, put in wherever {{key}} stands.",
    )
    authorization_fields = RowsField(
        (Column("type", "Where", PLACES), KEY, VALUE),
        label="Authorization fields",
        required=False,
        help_text="What goes into requests for tokens, and where. Values may hold {{key}}.",
    )
    client_secret = forms.CharField(
        label="Client Secret",
        max_length=255,
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )
    confirm_end = forms.BooleanField(required=False)
    #: Whose connections saving would end, once that is known and not yet confirmed.
    ending: tuple[profiles.Use, ...] = ()

    class Meta:
        model = AuthorizationProfile
        fields: ClassVar = ["app", "type", *COMMON, *(name for name in LABELS if name not in COMMON)]
        help_texts: ClassVar = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False  # what is hidden with its type must not stop the others
        for name, field in self.fields.items():
            label = LABELS.get(name, str(field.label or name))
            field.error_messages |= {
                "required": f"{label} is missing.",
                "max_length": f"{label} may have at most %(limit_value)d characters; it has %(show_value)d.",
            }
            if name in LABELS and name != "name":
                field.required = False
        if secret := self.fields.get("client_secret"):
            stored = self.instance.client_secret_set_at if self.instance.client_secret else None
            secret.help_text = (
                f"Set on {stored:%-d %b %Y}. Leave empty to keep it."
                if stored
                else "At most 255 characters. Stored encrypted, never shown again. For Basic, the password with which "
                "service nodes sign in; for an API key, the key."
            )

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out
        if not self.instance.app_id:
            return
        profiles.empty_foreign_fields(self.instance)
        for field, words in problems_of(self.instance).items():
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, words)
        self._ask_about_ends()

    def _ask_about_ends(self) -> None:
        if self.errors or self.cleaned_data.get("confirm_end"):
            return
        self.ending = tuple(profiles.uses_that_end(self.instance))
        if self.ending:
            self.add_error(
                None, "Not saved yet: this change ends authorizations that work. Tick the box to confirm it."
            )


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


def groups_for(kind: str) -> list[tuple[str, list[str]]]:
    """The headings with the fields that this type has, for a profile whose type is settled."""
    has = KINDS[kind].has
    kept = [
        (title, [f for f in fields if f == "type" or has(f) or (f == "callback_url" and kind == "oauth2")])
        for title, fields in GROUPS
    ]
    return [(title, fields) for title, fields in kept if fields]


def type_styles(settled: str = "") -> SafeString:
    """Rules that hide what the chosen type does not have and mark what it must have, without a script and without
    losing what was typed. ``settled`` is the type of a profile that has one for good."""
    chosen = 'form:has(select[name="type"] option[value="{}"]:checked) '
    fields = (*LABELS, "callback_url")
    rules = []
    for kind, known in KINDS.items():
        if settled not in ("", kind):
            continue
        start = "" if settled else chosen.format(kind)
        has = {field for field in fields if known.has(field) or (field == "callback_url" and kind == "oauth2")}
        rules += [f"{start}.field-{field} {{ display: none; }}" for field in fields if field not in has]
        must = ("name", *known.required)
        rules += [f'{start}.field-{field} label::after {{ content: " *"; }}' for field in must]
    rules.append("form:has(input[name=tenancy]:not(:checked)) .field-base_url { display: none; }")
    return mark_safe("<style>" + "\n".join(rules) + "</style>")  # noqa: S308 -- made of our own constants only
