"""What may be told of authorization profiles outside: names and addresses, nothing that a person typed as a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from integrations.models import AuthorizationProfile

if TYPE_CHECKING:
    from xoplatform.models import App


def profile_outlines(app: App) -> list[dict[str, str]]:
    """The App's profiles by name, empty fields left out; addresses without what follows their path. One query."""
    rows = AuthorizationProfile.objects.filter(app=app).order_by("name")
    return [_outline(row) for row in rows.defer("client_secret", "additional_fields", "authorization_fields")]


def _outline(profile: AuthorizationProfile) -> dict[str, str]:
    values = {
        "name": profile.name,
        "type": profile.type,
        "identity_provider": profile.identity_provider,
        "authorization_url": _bare(profile.authorization_url),
        "token_url": _bare(profile.token_url),
    }
    return {key: value for key, value in values.items() if value}


def _bare(address: str) -> str:
    """Without user, password, query and fragment: people put keys there."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        netloc = f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, netloc, parts.path, "", "")) if host else ""
