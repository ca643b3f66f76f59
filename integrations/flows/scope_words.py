"""What an App asks for, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.catalog import registry
from integrations.errors import ClientMissing, ProfileMissing
from integrations.models import Action

from .clients import client_of
from .scopes import to_ask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from integrations.models import Connection


def asked_in_words(action: Action, held: Connection | None = None) -> list[str]:
    """What a person who authorizes this action allows, a line per scope; a scope without words stands for itself.

    ``held`` is the grant that the person has already: a new consent asks for what it covers once more.
    Empty for Basic, where the person's own API token decides.
    """
    manifest = registry.provider(action.provider).manifest
    if action.method == Action.Method.BASIC:
        return []
    try:
        scopes: Iterable[str] = to_ask(client_of(action), held)
    except (ClientMissing, ProfileMissing):
        scopes = manifest.authorization.oauth.scopes
    words = manifest.authorization.oauth.scope_words
    return [words.get(scope, scope) for scope in scopes]
