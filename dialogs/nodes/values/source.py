"""Where a list has its items from while it runs: a place in the context, or an operation that looks them up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from dialogs.graph.paths import context_path
from dialogs.nodes.effects import OperationRequest
from dialogs.nodes.fields import FieldError, Spec
from xoplatform.core.templating import MISSING, Template, as_text, lookup, parse_path

from .choice import Choice, Menu

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from xoplatform.core.templating import Path

#: Items that are looked at; a longer list is cut here.
MOST_ITEMS: Final = 500
#: Characters of a title; titles come from elsewhere and are said in one line.
MOST_OF_A_TITLE: Final = 100
#: What a lookup's templates see of what was typed.
INPUT: Final[Path] = ("inputData", "input")
TIMEOUT: Final = 10.0


@dataclass(frozen=True, slots=True)
class Items:
    """How an entry of a list of JSON becomes a choice: paths inside it. Without ``value`` the whole entry is kept."""

    value: Path = ()
    title: Path = ()
    synonyms: tuple[Path, ...] = ()

    def menu(self, entries: Any) -> Menu:
        """The choices of a list; entries without a title are left out, equal titles are told apart by their values."""
        listed = list(self._choices(entries)) if isinstance(entries, list) else []
        counted = Counter(choice.title for choice in listed)
        return Menu(
            replace(choice, title=f"{choice.title} ({as_text(choice.value)[:MOST_OF_A_TITLE]})")
            if counted[choice.title] > 1
            else choice
            for choice in listed
        )

    def _choices(self, entries: list[Any]) -> Iterator[Choice]:
        for entry in entries[:MOST_ITEMS]:
            value = lookup(self.value, entry)
            if value is MISSING or value is None:
                continue
            title = _line(lookup(self.title, entry) if self.title else value)
            if title:
                also = tuple(filter(None, (_line(lookup(path, entry)) for path in self.synonyms)))
                yield Choice(value, title, also)


def _line(value: Any) -> str:
    return " ".join(as_text(value).split())[:MOST_OF_A_TITLE]


@dataclass(frozen=True, slots=True)
class FromContext:
    """A list in the context, and how its entries are read."""

    place: Path
    items: Items

    def menu(self, context: Mapping[str, Any]) -> Menu:
        return self.items.menu(lookup(self.place, context))


@dataclass(frozen=True, slots=True)
class Lookup:
    """An operation whose answer holds the items, at ``place`` of its body."""

    provider: str
    operation: str
    parameters: Template
    body: Template | None
    place: Path
    items: Items

    @property
    def by_input(self) -> bool:
        """Whether what was typed is part of the request, so that there is nothing to offer before."""
        return any(path[1:] == INPUT for template in self.templates() for path in template.paths)

    def templates(self) -> Iterator[Template]:
        yield self.parameters
        if self.body is not None:
            yield self.body

    def request(self, node: str, variables: Mapping[str, Any], typed: str) -> OperationRequest:
        """The call, with what was typed at `INPUT`."""
        context = {**variables["context"], "inputData": {"input": typed, "isMultiItem": False}}
        seen = {**variables, "context": context}
        return OperationRequest(
            node=node,
            provider=self.provider,
            operation=self.operation,
            parameters=self.parameters.render(seen),
            body=None if self.body is None else self.body.render(seen),
            timeout=TIMEOUT,
        )

    def menu(self, body: Any) -> Menu:
        """The choices in an answer."""
        found = lookup(self.place, body)
        return self.items.menu([] if found is MISSING else found)


def _path(value: Any, what: str) -> Path:
    if value in (None, ""):
        return ()
    if not isinstance(value, str):
        raise FieldError(f"has a “{what}” that is no path, such as “fields.key”")
    return parse_path(value)


def _items(value: Mapping[str, Any]) -> Items:
    synonyms = value.get("synonyms") or []
    listed = [synonyms] if isinstance(synonyms, str) else synonyms
    if not isinstance(listed, list):
        raise FieldError("has “synonyms” that are no list of paths")
    paths = tuple(_path(one, "synonyms") for one in listed)
    return Items(_path(value.get("value"), "value"), _path(value.get("title"), "title"), paths)


def _text(value: Mapping[str, Any], key: str) -> str:
    if not isinstance(value.get(key), str) or not value[key].strip():
        raise FieldError(f"needs “{key}”")
    return str(value[key])


def _known(value: Any, keys: Iterable[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise FieldError("must be a mapping")
    if strange := [key for key in value if key not in keys]:
        raise FieldError(f"has “{strange[0]}”; it may have {', '.join(keys)}")
    return value


#: How an entry is read, for forms.
ITEM_SCHEMA: Final = {
    "value": {"type": "string", "title": "Value", "description": "Path inside an item; empty keeps the whole item."},
    "title": {"type": "string", "title": "Shown as", "description": "Path inside an item; empty shows the value."},
    "synonyms": {"type": "array", "items": {"type": "string"}, "title": "Also called (paths)"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextList(Spec):
    """A list in the context."""

    json_type: ClassVar[str] = "object"

    def read(self, value: Any) -> FromContext:
        given = _known(value, ("path", "value", "title", "synonyms"))
        return FromContext(context_path(_text(given, "path")), _items(given))

    def schema(self) -> dict[str, Any]:
        properties = {"path": {"type": "string", "title": "Where the list is", "format": "variable"}, **ITEM_SCHEMA}
        return Spec.schema(self) | {"required": ["path"], "properties": properties}


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationLookup(Spec):
    """An operation that looks items up."""

    json_type: ClassVar[str] = "object"

    def read(self, value: Any) -> Lookup:
        keys = ("provider", "operation", "parameters", "body", "items", "value", "title", "synonyms")
        given = _known(value, keys)
        parameters = given.get("parameters") or {}
        if not isinstance(parameters, dict):
            raise FieldError("has “parameters” that are no mapping")
        return Lookup(
            provider=_text(given, "provider"),
            operation=_text(given, "operation"),
            parameters=Template(parameters),
            body=None if given.get("body") is None else Template(given["body"]),
            place=_path(given.get("items"), "items"),
            items=_items(given),
        )

    def schema(self) -> dict[str, Any]:
        properties = {
            "provider": {"type": "string", "title": "Provider", "format": "provider"},
            "operation": {"type": "string", "title": "Operation", "format": "operation"},
            "parameters": {
                "type": "object",
                "title": "Parameters",
                "description": "{{context.inputData.input}} is what the person typed.",
            },
            "body": {"title": "Body"},
            "items": {"type": "string", "title": "Items", "description": "Path of the list in the answer's body."},
            **ITEM_SCHEMA,
        }
        return Spec.schema(self) | {"required": ["provider", "operation"], "properties": properties}

    def templates(self, value: Lookup | None) -> Iterable[Template]:
        return () if value is None else value.templates()
