"""What an App asks for, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.catalog import registry
from integrations.errors import ClientMissing, ProfileMissing
from integrations.models import Action

from .clients import client_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def asked_in_words(action: Action) -> list[str]:
    """What a person who authorizes this action allows, a line per scope; a scope without words stands for itself.

    Empty for Basic, where the person's own API token decides.
    """
    manifest = registry.provider(action.provider).manifest
    if action.method == Action.Method.BASIC:
        return []
    try:
        scopes: Iterable[str] = client_of(action).scopes
    except (ClientMissing, ProfileMissing):
        scopes = manifest.authorization.oauth.scopes
    words = manifest.authorization.oauth.scope_words
    return [words.get(scope, scope) for scope in scopes]
