"""How authorization profiles look in the API. What was given as a secret is never given back."""

from __future__ import annotations

import re
from typing import Any, Final

from rest_framework import serializers

from integrations.flows.profile_fields import PLACE
from integrations.flows.profile_rules import FIELD_TYPES, LONGEST_CLIENT, LONGEST_URL
from integrations.models import AuthorizationProfile

from .parts import AnyJson, SecretField

#: Rows of each of a profile's lists.
MOST_ROWS: Final = 50
PLACES: Final = [(name, name) for name in FIELD_TYPES]
#: What may stand beside a place without being a secret itself, such as "Bearer ".
HARMLESS: Final = re.compile(r"[A-Za-z]{0,10}[ :=]{0,2}")


class PairRow(serializers.Serializer[Any]):
    key = serializers.CharField(max_length=100)
    value = serializers.CharField(max_length=LONGEST_URL)


class FormFieldRow(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    key = serializers.CharField(max_length=100)
    help = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class AuthorizationFieldRow(serializers.Serializer[Any]):
    """What goes into requests for tokens, and where."""

    type = serializers.ChoiceField(PLACES)
    key = serializers.CharField(max_length=200)
    value = serializers.CharField(
        max_length=LONGEST_URL,
        required=False,
        allow_null=True,
        help_text="May hold {{key}}. A value that may be a secret reads null; null keeps the one there is.",
    )


class AuthorizationFieldTold(serializers.Serializer[Any]):
    """The same as it is told: a value that may be a secret is left out."""

    type = serializers.ChoiceField(PLACES)
    key = serializers.CharField()
    value = serializers.SerializerMethodField("told_value", help_text="Null where it may be a secret.")

    def told_value(self, row: dict[str, Any]) -> str | None:
        text = str(row.get("value") or "")
        return text if PLACE.search(text) and HARMLESS.fullmatch(PLACE.sub("", text)) else None


def _address(help_text: str) -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST_URL, required=False, allow_blank=True, help_text=help_text)


class ProfileBody(serializers.Serializer[Any]):
    """What is left out stays as it is, or empty in a new one. What does not belong to the type is emptied."""

    name = serializers.CharField(max_length=100, help_text="Unique in the App.")
    identity_provider = serializers.CharField(max_length=100, required=False, allow_blank=True)
    client_id = serializers.CharField(max_length=LONGEST_CLIENT, required=False, allow_blank=True)
    client_secret = SecretField(
        max_length=LONGEST_CLIENT,
        required=False,
        allow_blank=True,
        help_text="Stored encrypted, never told again. Left out or empty, the one there is stays.",
    )
    authorization_url = _address("Where people sign in.")
    token_url = _address("Where codes and credentials become tokens.")
    refresh_url = _address("Used to refresh tokens; empty: `token_url`.")
    check_url = _address("Asked by a test: an address that answers only those who may.")
    scopes = serializers.ListField(child=PairRow(), required=False, max_length=MOST_ROWS)
    tenancy = serializers.BooleanField(required=False, help_text="Whether the addresses belong to one organization.")
    base_url = _address("Such as https://{tenant}.example.com; addresses that begin with / are put behind it.")
    request_method = serializers.ChoiceField(
        AuthorizationProfile.RequestMethod.choices, required=False, allow_blank=True
    )
    content_type = serializers.ChoiceField(AuthorizationProfile.ContentType.choices, required=False, allow_blank=True)
    auth_error_status = serializers.IntegerField(required=False, allow_null=True, min_value=400, max_value=599)
    form_fields = serializers.ListField(child=FormFieldRow(), required=False, max_length=MOST_ROWS)
    additional_fields = serializers.ListField(
        child=PairRow(),
        required=False,
        max_length=MOST_ROWS,
        help_text="Values of your own. No secrets: members see them.",
    )
    authorization_fields = serializers.ListField(child=AuthorizationFieldRow(), required=False, max_length=MOST_ROWS)
    description = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class NewProfileBody(ProfileBody):
    type = serializers.ChoiceField(AuthorizationProfile.Type.choices, default=AuthorizationProfile.Type.OAUTH2)


class ProfileChange(ProfileBody):
    name = serializers.CharField(max_length=100, required=False, help_text="Unique in the App.")
    confirm_end = serializers.BooleanField(
        default=False, help_text="That connections which work may end, and have to be authorized again."
    )


class ProfileSerializer(serializers.ModelSerializer[AuthorizationProfile]):
    """How an App authorizes with a client of its own."""

    has_client_secret = serializers.SerializerMethodField(help_text="Whether a client secret is stored.")
    request_method = serializers.ChoiceField(
        AuthorizationProfile.RequestMethod.choices, read_only=True, allow_blank=True
    )
    content_type = serializers.ChoiceField(AuthorizationProfile.ContentType.choices, read_only=True, allow_blank=True)
    scopes = PairRow(many=True, read_only=True)
    form_fields = FormFieldRow(many=True, read_only=True)
    additional_fields = PairRow(many=True, read_only=True)
    authorization_fields = AuthorizationFieldTold(many=True, read_only=True)

    class Meta:
        model = AuthorizationProfile
        fields = [
            "id",
            "name",
            "type",
            "identity_provider",
            "client_id",
            "has_client_secret",
            "client_secret_set_at",
            "authorization_url",
            "token_url",
            "refresh_url",
            "check_url",
            "scopes",
            "tenancy",
            "base_url",
            "request_method",
            "content_type",
            "auth_error_status",
            "form_fields",
            "additional_fields",
            "authorization_fields",
            "description",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_has_client_secret(self, profile: AuthorizationProfile) -> bool:
        return bool(profile.client_secret)


class TrialBody(serializers.Serializer[Any]):
    """What the type needs and the profile does not hold. Nothing of it is kept."""

    tenant = serializers.CharField(required=False, allow_blank=True, max_length=100)
    check_url = serializers.URLField(required=False, allow_blank=True, max_length=LONGEST_URL)
    username = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_URL)
    password = SecretField(required=False, allow_blank=True, max_length=LONGEST_URL)
    key = SecretField(required=False, allow_blank=True, max_length=LONGEST_URL)
    form_fields = serializers.DictField(
        child=serializers.CharField(max_length=LONGEST_URL), required=False, help_text="The form fields, by their keys."
    )


class TrialResult(serializers.Serializer[Any]):
    """How the test ended; what came back is told without secrets."""

    ok = serializers.BooleanField()
    message = serializers.CharField(source="words")
    status = serializers.IntegerField(allow_null=True)
    headers = serializers.DictField(child=serializers.CharField())
    body = AnyJson()
