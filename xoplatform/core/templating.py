"""Placeholders such as ``{{context.entities.key}}``, inserted as data and never as syntax.

A template is compiled once into literal pieces and paths. Rendering walks mappings and lists only (no attributes, no
calls), its result is never parsed or rendered again, and keys of mappings are never templates: nothing a person types
can change the shape of what is built.

A missing variable is ``None`` where the placeholder is the whole string, and the empty text inside a longer one.

A placeholder may end in a filter of `formats`, such as ``{{context.due | date long}}``; its result is data, too.
Filters write for the `Reader` that stands in the variables under `READER`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import quote
from xml.sax.saxutils import escape

from xoplatform.core.errors import PlatformError
from xoplatform.core.formats import FILTERS, Anybody, Filter, Reader

#: Steps from a root: keys of mappings and indexes of lists.
Path = tuple[str | int, ...]
Variables = Mapping[str, Any]
#: A compiled template: give it the variables, receive the value.
Renderer = Callable[[Variables], Any]

MISSING: Final = object()
#: Where variables hold who reads what is rendered. No path leads there: paths name roots that authors may use.
READER: Final = "|reader"
ANYBODY: Final[Reader] = Anybody()

PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
FILTERED = re.compile(r"(.*)\|\s*([A-Za-z]\w*)(?:\s+(\w+))?\s*", re.DOTALL)
QUOTES: Final = {'"': "&quot;", "'": "&apos;"}
#: What XML 1.0 (section 2.2) has no way to write.
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SEGMENT = re.compile(r"""\.?([^\W\d][\w$-]*|\d+)|\[\s*(?:(\d{1,9})|"([^"\]]+)"|'([^'\]]+)')\s*\]""")


class TemplateSyntax(PlatformError):
    """The template “{template}” cannot be read: {reason}. Nothing was rendered. Whoever edits it can mend it."""

    code = "template_syntax"


class UnsafeUrlPart(PlatformError):
    """“{value}” cannot be part of an address ({reason}). Nothing was sent. Give another value."""

    code = "unsafe_url_part"


@lru_cache(maxsize=4096)
def parse_path(text: str) -> Path:
    """The steps of ``context.a.b[0]["c d"]``.

    Raises:
        TemplateSyntax: the text is not a path.
    """
    source, position, steps = text.strip(), 0, []
    while position < len(source):
        match = SEGMENT.match(source, position)
        if match is None or (position > 0 and source[position] not in ".[") or (position == 0 and source[0] in ".["):
            raise TemplateSyntax(template=text, reason=f"“{source[position:]}” is not a path")
        name, index, double, single = match.groups()
        steps.append(int(index) if index else name or double or single)
        position = match.end()
    if not steps:
        raise TemplateSyntax(template=text, reason="the braces hold no path")
    return tuple(steps)


def lookup(path: Path, variables: Any) -> Any:
    """The value at ``path``, or ``MISSING``. Digits step into lists, anything else into mappings."""
    value = variables
    for step in path:
        if isinstance(value, dict) or (isinstance(value, Mapping) and not isinstance(value, str)):
            value = value.get(step, MISSING)
        elif isinstance(value, list | tuple):
            index = step if isinstance(step, int) else int(step) if step.isascii() and step.isdigit() else -1
            value = value[index] if 0 <= index < len(value) else MISSING
        else:
            return MISSING
    return value


def as_text(value: Any) -> str:
    """How a value reads inside a sentence: nothing for null, JSON's words for booleans, JSON for structures."""
    if isinstance(value, str):
        return value
    if value is None or value is MISSING:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False, default=str)


class Slot(NamedTuple):
    """What stands in a pair of braces: a path, and the filter that its value goes through, with its style."""

    path: Path
    filter: Filter | None = None
    style: str = ""

    def value(self, variables: Variables) -> Any:
        """The value at the path, filtered; `MISSING` stays missing."""
        found = lookup(self.path, variables)
        if self.filter is None or found is MISSING or found is None:
            return found
        words = self.filter(found, self.style, variables.get(READER) or ANYBODY)
        return found if words is None else words


@lru_cache(maxsize=4096)
def _slot(text: str) -> Slot:
    match = FILTERED.fullmatch(text)
    if match is None:
        return Slot(parse_path(text))
    path, name, style = parse_path(match[1]), match[2], match[3] or ""
    if name not in FILTERS:
        raise TemplateSyntax(template=text, reason=f"there is no filter “{name}”, only {', '.join(FILTERS)}")
    function, styles = FILTERS[name]
    if style and style not in styles:
        known = f"“{name}” knows {', '.join(styles)}" if styles else f"“{name}” takes none"
        raise TemplateSyntax(template=text, reason=f"there is no style “{style}”; {known}")
    return Slot(path, function, style)


def _pieces(template: str) -> list[str | Slot]:
    pieces: list[str | Slot] = []
    position = 0
    for match in PLACEHOLDER.finditer(template):
        pieces += [template[position : match.start()], _slot(match[1])]
        position = match.end()
    rest = template[position:]
    if "{{" in rest:
        raise TemplateSyntax(template=template, reason="“{{” has no “}}”")
    return [piece for piece in (*pieces, rest) if piece != ""]


class Template:
    """A compiled template: text, or a JSON structure whose strings are templates."""

    __slots__ = ("_render", "constant", "paths", "source")

    def __init__(self, source: Any) -> None:
        self.source = source
        self.paths: tuple[Path, ...] = tuple(_paths(source))
        #: Nothing to fill: rendering gives the source itself.
        self.constant = not self.paths
        self._render = _compile(source)

    def render(self, variables: Variables) -> Any:
        """The value with its placeholders filled; see the module for what a missing variable becomes."""
        return self._render(variables)

    def text(self, variables: Variables) -> str:
        """The same, as words for a person."""
        return as_text(self._render(variables))

    def __repr__(self) -> str:
        return f"Template({self.source!r})"


def _compile(source: Any) -> Renderer:
    if isinstance(source, str):
        return _compile_text(source)
    if isinstance(source, Mapping):
        pairs = [(key, _compile(value)) for key, value in source.items()]
        return lambda variables: {key: render(variables) for key, render in pairs}
    if isinstance(source, list | tuple):
        items = [_compile(value) for value in source]
        return lambda variables: [render(variables) for render in items]
    return lambda _variables: source


@lru_cache(maxsize=4096)
def _compile_text(source: str) -> Renderer:
    pieces = _pieces(source)
    if not any(isinstance(piece, Slot) for piece in pieces):
        return lambda _variables: source
    if len(pieces) == 1 and isinstance(slot := pieces[0], Slot):
        return lambda variables: None if (value := slot.value(variables)) is MISSING else value
    return lambda variables: "".join(
        piece if isinstance(piece, str) else as_text(piece.value(variables)) for piece in pieces
    )


def _paths(source: Any) -> list[Path]:
    if isinstance(source, str):
        return [piece.path for piece in _pieces(source) if isinstance(piece, Slot)]
    children = source.values() if isinstance(source, Mapping) else source if isinstance(source, list | tuple) else ()
    return [path for child in children for path in _paths(child)]


def render(value: Any, variables: Variables) -> Any:
    """Fill the placeholders of a text or JSON structure. Texts are compiled once and remembered.

    Raises:
        TemplateSyntax: a text in it is no template.
    """
    return _compile(value)(variables)


def variables_of(template: Any) -> tuple[Path, ...]:
    """The paths a text or JSON structure asks for, in order of appearance.

    Raises:
        TemplateSyntax: a text in it is no template.
    """
    return tuple(_paths(template))


def render_url_part(template: str, variables: Variables) -> str:
    """Fill the placeholders of an address's path and query, each value percent-encoded (RFC 3986 section 2.1).

    Raises:
        TemplateSyntax: the text is no template.
        UnsafeUrlPart: a value of the path is missing or empty, or would make a step that is dropped on the way ("." or
            "..", RFC 3986 section 5.2.4): either would ask for another address than the author wrote.
    """
    rendered = ""
    for piece in _pieces(template):
        if isinstance(piece, str):
            rendered += piece
            continue
        value = as_text(piece.value(variables))
        if not value and "?" not in rendered:
            raise UnsafeUrlPart(value=".".join(map(str, piece.path)), reason="it is empty")
        rendered += quote(value, safe="", errors="replace")
    if any(step in {".", ".."} for step in rendered.partition("?")[0].split("/")):
        raise UnsafeUrlPart(value=rendered, reason="a step of dots changes the address")
    return rendered


def render_xml(template: str, variables: Variables) -> str:
    """Fill the placeholders of an XML text, each value escaped for text and attributes; what XML has no way to write is
    left out.

    Raises:
        TemplateSyntax: the text is no template.
    """
    return "".join(
        piece if isinstance(piece, str) else escape(NO_XML.sub("", as_text(piece.value(variables))), QUOTES)
        for piece in _pieces(template)
    )
