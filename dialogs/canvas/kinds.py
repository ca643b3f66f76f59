"""What the palette offers and the panel's forms are made of: node kinds and entity types as data."""

from __future__ import annotations

import sys
from functools import cache
from inspect import cleandoc
from typing import Any, Final

from dialogs.nodes.registry import KINDS, schema_of
from dialogs.nodes.values import TYPES

#: Names that are not said as they are written.
CALLED: Final = {"email": "E-mail", "url": "URL", "zip": "Postal code"}


@cache
def kinds() -> dict[str, dict[str, Any]]:
    """Every node kind with its JSON Schema. The same for all; do not change it."""
    return {
        name: {
            "title": _title(name),
            "group": kind.group,
            "help": _first_sentence(kind.__doc__),
            "silent": kind.silent,
            "schema": schema_of(name),
            "properties": dict(kind.starter),
        }
        for name, kind in KINDS.items()
    }


@cache
def entity_types() -> dict[str, dict[str, Any]]:
    """Every type of entity, with the properties that concern it beside those of all."""
    return {
        name: {
            "title": CALLED.get(name) or _title(name),
            # A type's file says what its values are.
            "help": _first_sentence(kind.__doc__ or sys.modules[kind.__module__].__doc__),
            "properties": list(kind.rules_used),
        }
        for name, kind in TYPES.items()
    }


def _title(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


def _first_sentence(documentation: str | None) -> str:
    words = " ".join(cleandoc(documentation or "").split())
    return words.partition(". ")[0].rstrip(".") + "." if words else ""
