"""The fields of a form: entities that are shown on a page instead of being asked for in the chat."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from dialogs.nodes.fields import FieldError, Phrases, Spec, read_properties, specs_of
from dialogs.nodes.kinds.entity import Entity
from dialogs.nodes.person import Person
from dialogs.nodes.saying import say
from dialogs.nodes.values import TYPES
from dialogs.nodes.values.base import Circumstances, Found, Part, Several
from xoplatform.core.templating import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dialogs.nodes.base import View
    from dialogs.nodes.wordings import ByLanguage
    from xoplatform.core.templating import Template

#: More would be a page that nobody fills in on a phone.
MOST_FIELDS = 40
#: What a field has besides the properties of an entity.
OWN = ("name", "title", "help")
#: Properties of an entity that concern a field; those about asking do not.
OF_ENTITY = (
    *("type", "requirement", "default", "choices", "pattern", "letter_case", "minimum", "maximum", "max_length"),
    *("keep_as_text", "country", "sensitive"),
)
#: Types for which browsers have an input of their own; it takes and gives ISO 8601.
NATIVE = frozenset({"date", "time"})


TITLE, HELP = Phrases(title="Label"), Phrases(title="Help", help="Shown below the field.")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: the entity that reads it, and what is said beside it."""

    entity: Entity
    title: ByLanguage | None = None
    help: ByLanguage | None = None

    @property
    def name(self) -> str:
        return self.entity.name

    def label(self, person: Person) -> str:
        """What it is called for this person."""
        label = _said(self.title, person) or self.entity.called_by_people
        return label[:1].upper() + label[1:]

    def hint(self, person: Person) -> str:
        """What stands below it for this person."""
        return _said(self.help, person)

    @property
    def required(self) -> bool:
        return self.entity.requirement == "mandatory"

    def shown(self, view: View) -> str:
        """What stands in the field before the person changes it: the value that is known, or the default."""
        value = view.value("entities", self.name)
        if value is None and self.entity.default is not None:
            value = self.entity.default.render(view.variables)
        around, reader = self._around(view), self.entity.reader
        for words in self._worded(value, view):
            if (reading := reader.read(words, around)) == Found(value):
                return words
            # A default is written as a person would say it.
            if isinstance(reading, Found) and view.value("entities", self.name) is None:
                return words
        return ""

    def _worded(self, value: Any, view: View) -> Iterator[str]:
        """How a value may be written: as people say it, but as a browser's own input wants it where there is one."""
        if value is None:
            return
        if self.entity.type not in NATIVE:
            # A script may have put anything there.
            with suppress(Exception):
                yield self.entity.reader.said(value, view.person)
        yield as_text(value)

    def _around(self, view: View) -> Circumstances:
        return Circumstances(view.now, view.scripts, view.person)

    def read(self, text: str, view: View) -> tuple[Any, str]:
        """The value, and what is wrong with it as a sentence; only one of the two."""
        if not text.strip():
            return None, say("Please fill this in.") if self.required else ""
        reading = self.entity.read(text, self._around(view))
        if isinstance(reading, Found):
            return reading.value, ""
        if isinstance(reading, Several):
            meant = ", ".join(title for title, _words in reading.options)
            return None, say("This can mean several things: {meant}. Please write which.", meant=meant)
        if isinstance(reading, Part):
            return None, say("Please give both ends, such as 3 May to 5 May.")
        return None, reading.reason


def _said(texts: ByLanguage | None, person: Person) -> str:
    return str(next(iter(texts.of(person)), "")) if texts else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFields(Spec):
    """A list of fields; each is named, and has the properties of an entity."""

    json_type: ClassVar[str] = "array"

    def read(self, value: Any) -> tuple[Field, ...]:
        if not isinstance(value, list) or not value:
            raise FieldError("must be a list with at least one field")
        if len(value) > MOST_FIELDS:
            raise FieldError(f"has {len(value)} fields; {MOST_FIELDS} is the most")
        fields = tuple(_field(entry) for entry in value)
        names = [field.name for field in fields]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise FieldError(f"has two fields named “{twice}”")
        return fields

    def schema(self) -> dict[str, Any]:
        entity = specs_of(Entity)
        properties = {
            "name": {"type": "string", "title": "Name"},
            "title": TITLE.schema(),
            "help": HELP.schema(),
            **{name: entity[name].schema() for name in OF_ENTITY if name in entity},
        }
        properties["type"]["enum"] = [name for name in TYPES if name != "attachment"]
        properties["requirement"] |= {"enum": ["mandatory", "optional"], "description": "Optional may stay empty."}
        item = {"type": "object", "required": ["name"], "properties": properties}
        return Spec.schema(self) | {"items": item}

    def templates(self, value: tuple[Field, ...] | None) -> Iterable[Template]:
        return [template for field in value or () for _name, template in field.entity.templates()]


def _field(entry: Any) -> Field:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not entry["name"].strip():
        raise FieldError("has a field without a name")
    name = entry["name"]
    properties = {key: value for key, value in entry.items() if key not in OWN}
    if properties.get("requirement") == "hidden":
        raise FieldError(f"has the field “{name}” as hidden; leave it out instead")
    if properties.get("type") == "attachment":
        raise FieldError(f"has the field “{name}” for a file; ask for files in the chat")
    values, wrong = read_properties(Entity, {"prompts": [name], **properties})
    if not wrong:
        title, below = (_texts(spec, entry.get(key), name) for spec, key in ((TITLE, "title"), (HELP, "help")))
        entity = Entity(name=name, title=_said(title, Person()), **values)
        wrong = list(entity.complaints())
        if entity.has_own_choices:
            raise FieldError(f"has the field “{name}”, whose choices are not listed; ask for it in the chat")
        if not wrong:
            return Field(entity, title, below)
    raise FieldError("; ".join(f"has the field “{name}”, whose “{key}” {words}" for key, words in wrong))


def _texts(spec: Phrases, value: Any, field: str) -> ByLanguage | None:
    if value in (None, ""):
        return None
    try:
        return spec.read(value)
    except FieldError as error:
        raise FieldError(f"has the field “{field}”, whose “{spec.title.lower()}” {error}") from None


def read_all(fields: Iterable[Field], given: Mapping[str, str], view: View) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of a submitted form by name, and what is wrong with others as sentences by name."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in fields:
        value, wrong = field.read(given.get(field.name, ""), view)
        if wrong:
            errors[field.name] = wrong
        else:
            values[field.name] = value
    return values, errors
