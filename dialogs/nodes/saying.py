"""The platform's own sentences in the language of whoever it talks to.

A sentence stands in English where it is said, with {names} for what is filled in. `languages/*.json` hold it in other
languages; a check fails when one lacks it. Which language that is holds for a turn: `speaking` tells it at the door.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .person import Person

FOLDER: Final = Path(__file__).parent / "languages"
ENGLISH: Final = "en"
_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


@cache
def tables() -> Mapping[str, Mapping[str, str]]:
    """By language: every sentence, by what it is in English."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}


@contextmanager
def speaking(person: Person) -> Iterator[None]:
    """Says sentences in the best language for a person: their own, else the App's, else English."""
    known = tables()
    best = next((tag for tag in person.languages if tag == ENGLISH or tag in known), ENGLISH)
    token = _spoken.set(best)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The language of the turn: "en" or one of `tables`."""
    return _spoken.get()


def say(sentence: str, /, **parts: Any) -> str:
    """A sentence in the language of the turn, filled in."""
    language = _spoken.get()
    own = sentence if language == ENGLISH else tables()[language].get(sentence, sentence)
    return own.format(**parts)
