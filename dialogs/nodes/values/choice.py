from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from dialogs.nodes.fields import FieldError, Spec
from dialogs.nodes.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Choice:
    """An item of a list: what is kept, what is shown, and what else people call it."""

    value: Any
    title: str
    synonyms: tuple[str, ...] = ()

    def names(self) -> Iterator[str]:
        """Everything that means this item, comparable."""
        return (name for name in map(plain, (self.title, str(self.value), *self.synonyms)) if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(Spec):
    """The items of a list; an item may be written as its value alone."""

    json_type: ClassVar[str] = "array"

    def read(self, value: Any) -> tuple[Choice, ...]:
        if not isinstance(value, list) or not value:
            raise FieldError("must be a list with at least one item")
        return tuple(_choice(entry) for entry in value)

    def schema(self) -> dict[str, Any]:
        item = {
            "type": "object",
            "required": ["value"],
            "properties": {
                "value": {"type": ["string", "number"], "title": "Value"},
                "title": {"type": "string", "title": "Shown as"},
                "synonyms": {"type": "array", "items": {"type": "string"}, "title": "Also called"},
            },
        }
        return Spec.schema(self) | {"items": item}


def _choice(entry: Any) -> Choice:
    item = {"value": entry} if isinstance(entry, str | int | float) else entry
    if not isinstance(item, dict) or item.get("value") in (None, ""):
        raise FieldError("has an item without a value")
    synonyms = item.get("synonyms") or []
    if not isinstance(synonyms, list):
        raise FieldError(f"has synonyms of “{item['value']}” that are no list")
    return Choice(item["value"], str(item.get("title") or item["value"]), tuple(map(str, synonyms)))
