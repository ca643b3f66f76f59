"""The properties of node kinds, declared once: how each is read, what is wrong with it, and its JSON Schema.

A kind declares `title: str = declare(Text(...))`; the value of the attribute is what `read` made of the property.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

from dialogs.graph.conditions import ConditionError, read_condition
from xoplatform.core.templating import Template, TemplateSyntax

from .person import ANY, language_tag
from .wordings import ByLanguage, Tap, Taps, Wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialogs.graph.conditions import Condition


class FieldError(ValueError):
    """What is wrong with a property, as half a sentence that follows its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What any property has. ``default`` is a property's value, not what is read from it."""

    title: str
    help: str = ""
    required: bool = False
    default: Any = None

    json_type: ClassVar[str] = "string"

    def read(self, value: Any) -> Any:
        """What the node works with. Raises FieldError or TemplateSyntax. Never called with None."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the property, for forms and editors."""
        schema = {"type": self.json_type, "title": self.title}
        return schema | ({"description": self.help} if self.help else {}) | self._default()

    def _default(self) -> dict[str, Any]:
        return {} if self.default is None else {"default": self.default}

    def templates(self, value: Any) -> Iterable[Template]:
        return ()

    def scripts(self, value: Any) -> Iterable[str]:
        return ()

    def targets(self, value: Any) -> Iterable[str]:
        return ()


def declare(spec: Spec) -> Any:
    """A dataclass field that holds what ``spec`` reads."""
    return field(default=None, metadata={"spec": spec})


def specs_of(kind: type) -> Mapping[str, Spec]:
    """The declared properties of a node kind, in order."""
    if kind not in _SPECS:
        _SPECS[kind] = {entry.name: entry.metadata["spec"] for entry in fields(kind) if "spec" in entry.metadata}
    return _SPECS[kind]


#: Looked up for every property of every node that is checked.
_SPECS: dict[type, Mapping[str, Spec]] = {}


def read_properties(kind: type, properties: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What a kind makes of a node's properties, and what is wrong with them as (property, half a sentence)."""
    values: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    specs = specs_of(kind)
    for name, spec in specs.items():
        given = properties.get(name)
        value = spec.default if given is None else given
        if value is None and spec.required:
            wrong.append((name, "is missing"))
            continue
        try:
            values[name] = None if value is None else spec.read(value)
        except (FieldError, TemplateSyntax) as error:
            wrong.append((name, f"{error}"))
    wrong += [(str(name), "is not a property of this kind of node") for name in properties if name not in specs]
    return values, wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Spec):
    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise FieldError("must be a text")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Script(Spec):
    """JavaScript."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise FieldError("must hold JavaScript")
        return value

    def schema(self) -> dict[str, Any]:
        return Spec.schema(self) | {"format": "javascript"}

    def scripts(self, value: str | None) -> Iterable[str]:
        return () if value is None else (value,)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeName(Spec):
    """A node to go on at, or "@end"."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise FieldError("must name a node or “@end”")
        return value

    def schema(self) -> dict[str, Any]:
        return Spec.schema(self) | {"format": "node"}

    def targets(self, value: str | None) -> Iterable[str]:
        return () if value is None else (value,)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(Spec):
    options: tuple[str, ...]

    def read(self, value: Any) -> str:
        if value not in self.options:
            raise FieldError(f"must be one of {', '.join(self.options)}, not “{value}”")
        return str(value)

    def schema(self) -> dict[str, Any]:
        return Spec.schema(self) | {"enum": list(self.options)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Spec):
    default: Any = False
    json_type: ClassVar[str] = "boolean"

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise FieldError("must be true or false")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Spec):
    low: float | None = None
    high: float | None = None
    whole: bool = False
    json_type: ClassVar[str] = "number"

    def read(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or (self.whole and value != int(value)):
            raise FieldError("must be a whole number" if self.whole else "must be a number")
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            raise FieldError(f"must be {self._range()}, not {value:g}")
        return int(value) if self.whole else value

    def _range(self) -> str:
        if self.low is None or self.high is None:
            return f"at most {self.high:g}" if self.low is None else f"at least {self.low:g}"
        return f"from {self.low:g} to {self.high:g}"

    def schema(self) -> dict[str, Any]:
        schema = Spec.schema(self) | ({"type": "integer"} if self.whole else {})
        limits = {"minimum": self.low, "maximum": self.high}
        return schema | {key: limit for key, limit in limits.items() if limit is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions(Spec):
    """A condition, as transitions have them."""

    json_type: ClassVar[str] = "object"

    def read(self, value: Any) -> Condition:
        try:
            return read_condition(value, "")
        except ConditionError as error:
            raise FieldError(f"{error}") from None

    def schema(self) -> dict[str, Any]:
        return Spec.schema(self) | {"format": "condition"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts(Spec):
    """Several texts; one alone may be written without a list."""

    json_type: ClassVar[str] = "array"

    def read(self, value: Any) -> tuple[Any, ...]:
        entries = [value] if isinstance(value, str) else value
        if not isinstance(entries, list) or not all(isinstance(entry, str) and entry.strip() for entry in entries):
            raise FieldError("must be a list of texts")
        return tuple(self.entry(entry) for entry in entries)

    def entry(self, text: str) -> Any:
        return text

    def schema(self) -> dict[str, Any]:
        return Spec.schema(self) | {"items": {"type": "string"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PerLanguage(Spec):
    """A list for everybody, or a mapping of such lists by language tag: {en: […], de: […]}."""

    json_type: ClassVar[str] = "array"

    def read_by_language(self, value: Any) -> dict[str, tuple[Any, ...]]:
        if not isinstance(value, dict):
            return {ANY: self.read_list(value)}
        if not value:
            raise FieldError("names no language")
        return {self._tag(language): self.read_list(entries) for language, entries in value.items()}

    def read_list(self, value: Any) -> tuple[Any, ...]:
        """The entries for one language. Raises FieldError or TemplateSyntax."""
        raise NotImplementedError

    def _tag(self, language: Any) -> str:
        # YAML 1.1 reads Norwegian's bare tag as false.
        tag = language_tag("no" if language is False else str(language))
        if tag is None:
            raise FieldError(f"has texts for “{language}”, which is no language tag such as “en” or “de-CH”")
        return tag

    def item(self) -> dict[str, Any]:
        return {"type": "string"}

    def schema(self) -> dict[str, Any]:
        entries = {"type": "array", "items": self.item()}
        by_language = {"type": "object", "additionalProperties": entries}
        schema = {key: value for key, value in Spec.schema(self).items() if key != "type"}
        return schema | {"format": "by-language", "anyOf": [entries, by_language]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts(PerLanguage):
    """Texts with placeholders, for everybody or by language."""

    def read(self, value: Any) -> Wordings:
        return Wordings(self.read_by_language(value))

    def read_list(self, value: Any) -> tuple[Template, ...]:
        return tuple(map(Template, Texts(title=self.title).read(value)))

    def templates(self, value: Wordings | None) -> Iterable[Template]:
        return value or ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases(PerLanguage):
    """Texts without placeholders, for everybody or by language."""

    def read(self, value: Any) -> ByLanguage:
        return ByLanguage(self.read_by_language(value))

    def read_list(self, value: Any) -> tuple[str, ...]:
        return Texts(title=self.title).read(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickReplies(PerLanguage):
    """What can be tapped instead of typed: texts, or {title, value}; with ``links`` also {title, url}."""

    most: int = 12
    links: bool = False

    def read(self, value: Any) -> Taps:
        return Taps(self.read_by_language(value))

    def read_list(self, value: Any) -> tuple[Tap, ...]:
        if not isinstance(value, list):
            raise FieldError("must be a list of texts, or of a title with a value")
        if len(value) > self.most:
            raise FieldError(f"has {len(value)} entries; {self.most} is the most")
        return tuple(map(self._tap, value))

    def _tap(self, entry: Any) -> Tap:
        item = {"title": entry} if isinstance(entry, str) else entry
        if not isinstance(item, dict) or not isinstance(item.get("title"), str) or not item["title"].strip():
            raise FieldError("has an entry without a title")
        value, url = item.get("value", item["title"]), item.get("url")
        if not isinstance(value, str | int | float) or (url is not None and not (self.links and isinstance(url, str))):
            raise FieldError(f"has an entry “{item['title']}” whose value is no text")
        return Tap(Template(item["title"]), Template(str(value)), None if url is None else Template(url))

    def item(self) -> dict[str, Any]:
        kinds = ["title", "value", "url"] if self.links else ["title", "value"]
        properties = {name: {"type": "string", "title": name.capitalize()} for name in kinds}
        return {"type": "object", "required": ["title"], "properties": properties}

    def templates(self, value: Taps | None) -> Iterable[Template]:
        return [template for tap in value or () for template in tap.templates()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Json(Spec):
    """Any JSON whose texts are templates; with ``mapping``, a mapping."""

    mapping: bool = False

    def read(self, value: Any) -> Template:
        if self.mapping and not isinstance(value, dict):
            raise FieldError("must be a mapping")
        return Template(value)

    def schema(self) -> dict[str, Any]:
        schema = {key: value for key, value in Spec.schema(self).items() if key != "type"}
        return schema | ({"type": "object"} if self.mapping else {})

    def templates(self, value: Template | None) -> Iterable[Template]:
        return () if value is None else (value,)
