from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.nodes.discovery import classes_in

from .base import ValueType

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES: Final[Mapping[str, type[ValueType]]] = {
    found.name: found for found in classes_in("dialogs.nodes.values.types", ValueType)
}
