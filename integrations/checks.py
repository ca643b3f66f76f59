"""What has to be right before anything can be authorized."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import checks

from integrations.catalog import registry
from xoplatform.core import keyring
from xoplatform.core.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Sequence


@checks.register
def providers_load(app_configs: Any, **kwargs: Any) -> Sequence[checks.CheckMessage]:
    """Every provider's files are as they should be."""
    try:
        registry.providers()
    except PlatformError as error:
        return [checks.Error(error.message, id="integrations.E001")]
    return []


@checks.register
def encryption_keys(app_configs: Any, **kwargs: Any) -> Sequence[checks.CheckMessage]:
    """Every entry of XO_ENCRYPTION_KEYS is a key."""
    try:
        keyring.keys()
    except PlatformError as error:
        return [checks.Error(error.message, id="integrations.E002")]
    return []


@checks.register(deploy=True)
def system_clients(app_configs: Any, **kwargs: Any) -> Sequence[checks.CheckMessage]:
    """The System card of every provider has a client."""
    if any(providers_load(app_configs)):
        return []
    found: list[checks.CheckMessage] = []
    for provider in registry.providers().values():
        system = provider.manifest.authorization.oauth.system
        names = [system.client_id_setting, system.client_secret_setting]
        if missing := [name for name in names if not getattr(settings, name, "")]:
            words = f"{provider.manifest.title} cannot be authorized with the card System."
            found.append(checks.Warning(words, hint=f"Set {' and '.join(missing)}.", id="integrations.W001"))
    return found
