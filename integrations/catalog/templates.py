"""A dialog that ships with a provider, as a document that can be installed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .reading import read

SCHEMA = Path(__file__).parent / "schemas" / "template.yaml"


@dataclass(frozen=True)
class TemplateInfo:
    """``document`` is a graph document of format 1; ``version`` grows when its content changes."""

    id: str
    version: int
    order: int
    title: str
    description: str
    document: dict[str, Any]


def load_template(path: Path) -> TemplateInfo:
    """The template in this file. Raises CatalogInvalid."""
    document = read(path, SCHEMA)
    head = document["template"]
    return TemplateInfo(**head, title=document["title"], description=document["description"], document=document)
