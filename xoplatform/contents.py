"""What belongs to an App, counted without being loaded."""

from __future__ import annotations

from typing import Any

from django.db.models import CASCADE, Model

from .models import App


def contents_of(app: App) -> dict[str, int]:
    """How many rows of each kind would be deleted with ``app``, by the kind's name, the empty ones left out."""
    counts: dict[str, int] = {}
    for model, lookup in _owned(App, "", {App}):
        count = model._default_manager.filter(**{lookup: app}).count()
        if count:
            name = str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)
            counts[name] = count
    return counts


def _owned(parent: type[Model], path: str, seen: set[Any]) -> list[tuple[type[Model], str]]:
    """Models whose rows go with a row of ``parent``, each by the shortest way that leads to it."""
    found: list[tuple[type[Model], str]] = []
    for relation in parent._meta.related_objects:
        model = relation.related_model
        if relation.on_delete is CASCADE and isinstance(model, type) and model not in seen:
            seen.add(model)
            found.append((model, f"{relation.field.name}__{path}" if path else relation.field.name))
    for model, lookup in list(found):
        found += _owned(model, lookup, seen)
    return found
