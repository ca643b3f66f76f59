"""A dialog that ships with a provider, as a document that can be installed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TemplateInfo:
    """``document`` is a graph document of format 1; ``version`` grows when its content changes."""

    id: str
    version: int
    title: str
    description: str
    document: dict[str, Any]
