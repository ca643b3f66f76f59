"""The items of a list: as an author writes them, and ready to be chosen from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from dialogs.nodes.fields import FieldError, Spec
from dialogs.nodes.words import plain, position

from .matching import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Choice:
    """An item of a list: what is kept, what is shown, and what else people call it."""

    value: Any
    title: str
    synonyms: tuple[str, ...] = ()

    def names(self) -> Iterator[str]:
        """Everything that means this item, comparable."""
        spoken = (self.title, str(self.value) if isinstance(self.value, str | int | float) else "", *self.synonyms)
        return (name for name in map(plain, spoken) if name)


class Menu:
    """Items to choose from, by title, value, synonym or number. Of two items of one name the first has it."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        self.choices = tuple(choices)
        places: dict[str, int] = {}
        for place, choice in enumerate(self.choices):
            for name in choice.names():
                places.setdefault(name, place)
        self.names = Names(places)

    def chosen(self, text: str) -> Choice | None:
        """The item that the whole text names or numbers."""
        place = self.names.exact(text)
        if place is None and (number := position(text)) and number <= len(self.choices):
            place = number - 1
        return None if place is None else self.choices[place]

    def mentioned(self, text: str) -> list[Choice]:
        """The items that a sentence names."""
        return [self.choices[place] for place in dict.fromkeys(place for _, place in self.names.mentions(text))]

    def near(self, text: str) -> list[Choice]:
        return [self.choices[place] for place in self.names.near(text)]

    def options(self) -> tuple[tuple[str, str], ...]:
        """Titles with the words that choose them."""
        return tuple((choice.title, choice.title) for choice in self.choices)

    def title_of(self, value: Any) -> str | None:
        return next((choice.title for choice in self.choices if choice.value == value), None)


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
