"""What keeps a draft from being published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.bridges import known_operations, scripts
from dialogs.engine import validate

if TYPE_CHECKING:
    from collections.abc import Mapping


def problems_of(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every problem as {node, code, message}; ``node`` is empty where the whole task is meant."""
    return [problem.to_json() for problem in validate.problems_of(document, known_operations(), scripts())]
