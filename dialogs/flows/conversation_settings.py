"""An App's settings of conversations: read when a turn needs them, kept as far as they differ from the defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.engine.settings import DEFAULTS, complaints
from dialogs.errors import BadSettings
from dialogs.models import ConversationSettings

if TYPE_CHECKING:
    from collections.abc import Mapping


def settings_of(app_id: int) -> dict[str, Any]:
    """What differs from the defaults. One query."""
    found = ConversationSettings.objects.filter(app_id=app_id).values_list("values", flat=True).first()
    return found or {}


def keep_settings(app_id: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """Keeps an App's settings in place of those it had; they hold from the next message on.

    Raises BadSettings, which names the first that cannot be kept; nothing is changed then.
    """
    if wrong := complaints(given):
        name, words = wrong[0]
        raise BadSettings(name=name, reason=words)
    kept = {name: value for name, value in given.items() if value is not None and value != DEFAULTS[name]}
    ConversationSettings.objects.update_or_create(app_id=app_id, defaults={"values": kept})
    return kept
