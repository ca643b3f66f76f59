"""The types of authorization profiles: which fields each has, which of them it must have."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.models import AuthorizationProfile

Type = AuthorizationProfile.Type
Method = AuthorizationProfile.RequestMethod

COMMON = ("name", "identity_provider", "description")
TENANCY = ("tenancy", "base_url")
LABELS = {
    "name": "Name",
    "identity_provider": "Identity provider name",
    "description": "Description",
    "client_id": "Client ID",
    "client_secret": "Client Secret",
    "authorization_url": "Authorization URL",
    "token_url": "Token request URL",
    "refresh_url": "Refresh token URL",
    "check_url": "Check URL",
    "scopes": "Scope",
    "tenancy": "Subdomain",
    "base_url": "Base URL",
    "additional_fields": "Additional fields",
    "authorization_fields": "Authorization fields",
    "form_fields": "Form fields",
    "request_method": "Method",
    "content_type": "Content type",
    "auth_error_status": "Auth error status code",
}
URLS = ("authorization_url", "token_url", "refresh_url", "check_url", "base_url")


@dataclass(frozen=True)
class Kind:
    """One type. ``sentence`` says when it is the right one."""

    sentence: str
    fields: tuple[str, ...]
    required: tuple[str, ...]
    methods: tuple[Method, ...] = ()

    def has(self, field: str) -> bool:
        return field in self.fields or field in COMMON


KINDS: dict[str, Kind] = {
    Type.OAUTH2: Kind(
        "People sign in at the provider and allow access there.",
        (
            "client_id",
            "client_secret",
            "authorization_url",
            "token_url",
            "refresh_url",
            "scopes",
            *TENANCY,
            "additional_fields",
            "authorization_fields",
        ),
        ("identity_provider", "client_id", "client_secret", "authorization_url", "token_url"),
    ),
    Type.CLIENT_CREDENTIALS: Kind(
        "The App acts for itself; nobody signs in.",
        ("client_id", "client_secret", "token_url", "scopes", "content_type", *TENANCY, "authorization_fields"),
        ("identity_provider", "client_id", "client_secret", "token_url"),
    ),
    Type.PASSWORD_GRANT: Kind(
        "User name and password are exchanged for a token. Only where the provider offers nothing better.",
        (
            "client_id",
            "client_secret",
            "token_url",
            "request_method",
            "content_type",
            "refresh_url",
            "auth_error_status",
            "scopes",
            *TENANCY,
            "form_fields",
            "authorization_fields",
        ),
        ("identity_provider", "token_url"),
        tuple(Method),
    ),
    Type.BASIC: Kind(
        "User name and password, or e-mail and API token, go with every request.",
        ("client_id", "client_secret", "check_url", "request_method", *TENANCY, "form_fields", "authorization_fields"),
        ("identity_provider",),
        (Method.GET, Method.POST),
    ),
    Type.API_KEY: Kind(
        "A key goes with every request.",
        ("client_secret", "check_url", *TENANCY, "form_fields", "authorization_fields"),
        ("identity_provider",),
    ),
}
