"""A field that some system described while a dialog runs, ready to be asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xoplatform.core.templating import Template, TemplateSyntax

from . import phrases
from .steps import Proceed
from .words import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .base import View
    from .kinds.entity import Entity
    from .steps import Step

COMMAS: Final = re.compile(r"[,;\n]+")
AND: Final = re.compile(r"\s+and\s+|\s*&\s*", re.IGNORECASE)
MOST_VALUES: Final = 50


@dataclass(frozen=True, slots=True)
class Described:
    """Of a description: whether a value must be given, whether it may be several, and in which form it is sent."""

    name: str
    title: str
    required: bool
    has_default: bool
    many: bool
    #: What is asked behind its title; without it, what its type makes of it.
    words: str
    shape: Template | None
    asked: Entity | None

    @classmethod
    def of(cls, about: Mapping[str, Any], make: Callable[[Mapping[str, Any]], Entity | None]) -> Described:
        shape, readable = _shape(about.get("shape"))
        return cls(
            name=str(about["name"]),
            title=str(about.get("title") or about["name"]),
            required=bool(about.get("required", True)),
            has_default=bool(about.get("has_default")),
            many=bool(about.get("many")),
            words=str(about.get("ask") or ""),
            shape=shape,
            asked=make(about) if readable and about.get("type") else None,
        )

    @property
    def entity(self) -> Entity:
        """What reads the answers. Raises LookupError for a field that a chat cannot ask."""
        if self.asked is None:
            raise LookupError(self.name)
        return self.asked

    @property
    def hinders(self) -> bool:
        """Whether nothing can be done without it, and a chat cannot ask for it."""
        return self.asked is None and self.required and not self.has_default

    @property
    def choices(self) -> str:
        """What there is to choose from, in words; of very much, some."""
        return phrases.choices([title for title, _ in self.entity.reader.options()])

    @property
    def question(self) -> str:
        asked = self.words or phrases.asked_of(self.entity.type, self.choices)
        return phrases.field_question(self.title, asked, many=self.many, optional=not self.required)

    @property
    def to_ask(self) -> bool:
        """Whether a chat has to ask for it, and can."""
        return self.asked is not None and not self.has_default

    def shaped(self, value: Any) -> Any:
        """A value, or each of several, in the form in which a request takes it."""
        if value is None or self.shape is None:
            return value
        fill = self.shape.render
        return [fill({"value": each}) for each in value] if self.many else fill({"value": value})

    def answer(self, text: str, view: View) -> Step:
        """What an answer means; where several values may be given, every part of it must be one."""
        whole = self.entity.answer(text, view)
        parts = list(dict.fromkeys(self._parts(text))) if self.many else []
        if len(parts) <= 1 or len(parts) > MOST_VALUES:
            return self._listed(whole) if self.many else whole
        values: list[Any] = []
        for part in parts:
            value = self._value(self.entity.answer(part, view))
            if value is None:
                return self.entity.ask_again(phrases.not_a_value(part), view)
            values += [] if value in values else [value]
        return Proceed(changes={("entities", self.name): values})

    def _listed(self, step: Step) -> Step:
        """The one value of an answer as a list; any other step as it is."""
        value = self._value(step)
        return step if value is None else Proceed(replies=step.replies, changes={("entities", self.name): [value]})

    def _value(self, step: Step) -> Any:
        return step.changes.get(("entities", self.name)) if isinstance(step, Proceed) else None

    def _parts(self, text: str) -> Iterator[str]:
        """The values that were named: between commas, and around each "and" that is no part of a choice's own name."""
        names = {name for choice in self.entity.choices or () for name in choice.names()}
        for part in COMMAS.split(text):
            yield from _joined([word for word in AND.split(part) if word.strip()], names)


def _joined(words: list[str], names: set[str]) -> Iterator[str]:
    """Words that stood around an "and", with those put together again that are one name; the longest one counts."""
    while words:
        lengths = range(len(words), 1, -1)
        most = next((n for n in lengths if plain(" and ".join(words[:n])) in names), 1)
        yield " and ".join(words[:most])
        words = words[most:]


def _shape(source: Any) -> tuple[Template | None, bool]:
    """The form of a value, and whether it could be read."""
    try:
        return None if source is None else Template(source), True
    except TemplateSyntax:
        return None, False
