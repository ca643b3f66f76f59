"""Which editions of a provider may be authorized."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.catalog import registry
from integrations.errors import EditionMissing, EditionRefused

if TYPE_CHECKING:
    from integrations.models import Action


def check_edition(action: Action) -> None:
    """Raises EditionRefused with the provider's reason, or EditionMissing where the provider has editions."""
    manifest = registry.provider(action.provider).manifest
    if not manifest.editions or action.edition in manifest.editions:
        return
    if not action.edition:
        raise EditionMissing(provider=manifest.title)
    reason = manifest.refused_editions.get(action.edition, "it is not one of those that can be.")
    raise EditionRefused(provider=manifest.title, edition=action.get_edition_display(), reason=reason)
