"""Airports, kept as IATA codes (BER); known by code, name or city (data: airportsdata)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from unicodedata import combining, normalize

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import Circumstances, Found, Reading, Several, Unfit, ValueType, shortened
from dialogs.nodes.values.matching import Names
from dialogs.nodes.words import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.nodes.person import Person

MOST_SUGGESTIONS = 5


class Airport(ValueType):
    """An airport, as its three-letter code."""

    name = "airport"

    def read(self, text: str, around: Circumstances) -> Reading:
        words = _folded(text[:200]).removeprefix("from ").removeprefix("to ").removesuffix(" airport")
        if words.upper() in _airports():
            return Found(words.upper())
        codes = _names().exact(words) or _names().only(words)
        if codes and len(codes) == 1:
            return Found(codes[0])
        likely = codes or tuple(code for found in _names().near(words) for code in found)
        if likely:
            return Several(tuple((self.said(code, around.person), code) for code in likely[:MOST_SUGGESTIONS]))
        sentence = "“{words}” is not an airport I know. Its three letters are best, for example BER."
        return Unfit(say(sentence, words=shortened(text)))

    def said(self, value: Any, person: Person) -> str:
        airport = _airports().get(str(value), {})
        return f"{airport.get('name', value)} ({value})"


@lru_cache(maxsize=1)
def _airports() -> Mapping[str, Mapping[str, Any]]:
    import airportsdata

    return airportsdata.load("IATA")


@lru_cache(maxsize=1)
def _names() -> Names[tuple[str, ...]]:
    """Names and cities with the codes of all airports that are called so."""
    codes: dict[str, list[str]] = {}
    for code, airport in _airports().items():
        name = _folded(airport["name"])
        for spoken in {name, name.removesuffix(" airport"), _folded(airport["city"])} - {""}:
            codes.setdefault(spoken, []).append(code)
    return Names({name: tuple(found) for name, found in codes.items()})


def _folded(text: str) -> str:
    """Comparable, and without accents, for few people type them in names of other countries."""
    return "".join(sign for sign in normalize("NFKD", plain(text)) if not combining(sign))
