"""Deploy checks: what must not reach production."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

if TYPE_CHECKING:
    from collections.abc import Sequence


@register(Tags.security, deploy=True)
def production_settings(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Refuses the stand-in Atlassian, default keys and plain http."""
    found: list[CheckMessage] = []
    if settings.XO_SANDBOX_URL:
        found.append(
            Error(
                "The stand-in Atlassian is configured: anybody could sign in to it as anybody.",
                hint="Unset XO_SANDBOX_URL and point XO_ATLASSIAN_AUTH_URL and XO_ATLASSIAN_API_URL at Atlassian.",
                id="xoplatform.E001",
            )
        )
    if settings.SECRET_KEY == settings.DEFAULT_SECRET_KEY:
        found.append(Error("The default secret key is in use.", hint="Set XO_SECRET_KEY.", id="xoplatform.E002"))
    if not settings.XO_ENCRYPTION_KEYS:
        found.append(
            Error(
                "No encryption key is set, so tokens would be readable with the default key.",
                hint="Set XO_ENCRYPTION_KEYS to a key made by `manage.py newkey`.",
                id="xoplatform.E003",
            )
        )
    if settings.DEBUG:
        found.append(Error("Debug mode shows settings to visitors.", hint="Unset XO_DEBUG.", id="xoplatform.E004"))
    if not settings.XO_BASE_URL.startswith("https://"):
        found.append(
            Error(
                "The base address is not https, so sign-ins and authorization codes would travel in the clear.",
                hint="Set XO_BASE_URL to the public https address.",
                id="xoplatform.E005",
            )
        )
    return found
