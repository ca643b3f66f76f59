"""Documents of format 1 from text, and what is wrong with their form in words that name node and field."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from .errors import UnreadableDocument
from .yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsonschema.exceptions import ValidationError

SCHEMA: Final = Path(__file__).with_name("schema") / "graph-1.json"
#: Most bytes of a document; the largest dialog anyone drew is a tenth of it.
MOST_BYTES: Final = 2 * 1024 * 1024
LONGEST_WORDS: Final = 200


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def load(text: str | bytes) -> dict[str, Any]:
    """A document of format 1 from YAML or JSON.

    Raises:
        UnreadableDocument: it is neither, too large, or has not the form; the message names node and field.
    """
    document: dict[str, Any] = parsed(text)
    check(document)
    return document


def parsed(text: str | bytes, most: int = MOST_BYTES) -> Any:
    """The value of a YAML or JSON text of at most that many bytes, whatever it is. Raises UnreadableDocument."""
    if len(text) > most:
        raise UnreadableDocument(reason=f"it has {len(text):,} bytes; {most:,} are the most.")
    try:
        words = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return read_yaml(words)
    except UnicodeDecodeError:
        raise UnreadableDocument(reason="it is not written in UTF-8.") from None
    except yaml.YAMLError as error:
        raise UnreadableDocument(reason=f"it is neither YAML nor JSON. {_where(error)}") from None
    except (RecursionError, ValueError):
        raise UnreadableDocument(reason="it is nested too deeply or holds a number that is none.") from None


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it has a character that YAML does not allow"
    return f"Line {mark.line + 1}, column {mark.column + 1}: {problem}." if mark else f"{problem}."


def check(document: Any) -> None:
    """Whether a value has the form of format 1; what it means is for `problems_of` to judge.

    Raises:
        UnreadableDocument: it has not; the message names node and field.
    """
    if not isinstance(document, dict):
        raise UnreadableDocument(reason="it is no mapping with “format”, “nodes” and “transitions”.")
    if document.get("format") != 1:
        raise UnreadableDocument(reason=f"its format is {document.get('format')!r}; this version reads format 1.")
    if wrong := complaints(document):
        raise UnreadableDocument(reason=" ".join(words for _path, words in wrong))


def complaints(document: Mapping[str, Any]) -> list[tuple[list[str | int], str]]:
    """Up to five things that are wrong with a mapping's form: where, and a sentence that names node and field."""
    errors = sorted(_validator().iter_errors(document), key=lambda error: [str(step) for step in error.absolute_path])
    return [(list(error.absolute_path), _words(error, document)) for error in errors[:5]]


def as_if_begun(task: Mapping[str, Any]) -> dict[str, Any]:
    """A draft may be without a start or without nodes as yet, which a document to install may not."""
    begun = {**task, "start": task.get("start") or "start"}
    return begun if begun.get("nodes") != [] else begun | {"nodes": [{"name": "start", "kind": "intent"}]}


def _words(error: ValidationError, document: Mapping[str, Any]) -> str:
    # Of "neither this nor that" the part that came nearest says more than the whole.
    nearest = best_match([error]) or error
    path = list(nearest.absolute_path)
    where, field = "the document", path
    if len(path) > 1 and path[0] in {"nodes", "transitions"}:
        where, field = _entry(str(path[0]), int(path[1]), document), path[2:]
    named = f", field “{'.'.join(map(str, field))}”" if field else ""
    return f"In {where}{named}: {_plain(nearest)}."


def _entry(kind: str, index: int, document: Mapping[str, Any]) -> str:
    entry = document[kind][index]
    key, noun = ("name", "node") if kind == "nodes" else ("source", "the transition from")
    name = entry.get(key) if isinstance(entry, dict) else None
    return f"{noun} {name or f'number {index + 1}'}"


def _plain(error: ValidationError) -> str:
    words = error.message if len(error.message) <= LONGEST_WORDS else error.message[:LONGEST_WORDS] + "…"
    if error.validator == "pattern":
        return f"“{error.instance}” is no name; blanks and a leading “@” are not allowed"
    if error.validator == "additionalProperties":
        words = words.replace("Additional properties are not allowed", "there is a field too many")
    return words.replace("'", "")
