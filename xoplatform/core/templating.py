"""Placeholders such as ``{{context.entities.key}}``, inserted as data and never as syntax.

A template is compiled once into literal pieces and paths. Rendering walks mappings and lists only (no attributes, no
calls), its result is never parsed or rendered again, and keys of mappings are never templates: nothing a person types
can change the shape of what is built.

A missing variable is ``None`` where the placeholder is the whole string, and the empty text inside a longer one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from xoplatform.core.errors import PlatformError

#: Steps from a root: keys of mappings and indexes of lists.
Path = tuple[str | int, ...]
Variables = Mapping[str, Any]
#: A compiled template: give it the variables, receive the value.
Renderer = Callable[[Variables], Any]

MISSING: Final = object()

PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
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


def _pieces(template: str) -> list[str | Path]:
    pieces: list[str | Path] = []
    position = 0
    for match in PLACEHOLDER.finditer(template):
        pieces += [template[position : match.start()], parse_path(match[1])]
        position = match.end()
    pieces.append(template[position:])
    if "{{" in pieces[-1]:
        raise TemplateSyntax(template=template, reason="“{{” has no “}}”")
    return [piece for piece in pieces if piece != ""]


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
    if not any(isinstance(piece, tuple) for piece in pieces):
        return lambda _variables: source
    if len(pieces) == 1 and isinstance(path := pieces[0], tuple):
        return lambda variables: None if (value := lookup(path, variables)) is MISSING else value
    return lambda variables: "".join(
        piece if isinstance(piece, str) else as_text(lookup(piece, variables)) for piece in pieces
    )


def _paths(source: Any) -> list[Path]:
    if isinstance(source, str):
        return [piece for piece in _pieces(source) if isinstance(piece, tuple)]
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
    """Fill the placeholders of an address's path, each value percent-encoded (RFC 3986 section 2.1).

    Raises:
        TemplateSyntax: the text is no template.
        UnsafeUrlPart: a value is missing or empty, or would make a step that is dropped on the way ("." or "..",
            RFC 3986 section 5.2.4): either would ask for another address than the author wrote.
    """
    rendered = ""
    for piece in _pieces(template):
        if isinstance(piece, str):
            rendered += piece
            continue
        value = as_text(lookup(piece, variables))
        if not value:
            raise UnsafeUrlPart(value=".".join(map(str, piece)), reason="it is empty")
        rendered += quote(value, safe="", errors="replace")
    if any(step in {".", ".."} for step in rendered.partition("?")[0].split("/")):
        raise UnsafeUrlPart(value=rendered, reason="a step of dots changes the address")
    return rendered
