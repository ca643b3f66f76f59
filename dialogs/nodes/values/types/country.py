"""Countries, kept as ISO 3166-1 alpha-2 codes (DE), known by name in the person's language or English, or by code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import Circumstances, Found, Reading, Several, Span, Unfit, ValueType, shortened
from dialogs.nodes.values.places import country_codes, country_name, country_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.person import Person


class Country(ValueType):
    """A country, as its two-letter code."""

    name = "country"

    def read(self, text: str, around: Circumstances) -> Reading:
        names = country_names(around.person.conventions.language)
        code = names.exact(text) or country_codes().get(text.strip().strip(".").upper()) or names.only(text)
        if code:
            return Found(code)
        mentioned = list(dict.fromkeys(found for _, found in names.mentions(text)))
        if likely := mentioned or names.near(text):
            return Several(tuple((self.said(one, around.person), one) for one in likely[:5]))
        return Unfit(say("“{words}” is not a country that I know.", words=shortened(text)))

    def spots(self, text: str, around: Circumstances) -> Iterator[Span]:
        names = country_names(around.person.conventions.language)
        # "us" and "uk" are words, too.
        return (span for span, _ in names.mentions(text) if len(text[span.start : span.end]) > len("usa"))

    def said(self, value: Any, person: Person) -> str:
        return country_name(str(value), person.conventions.language)
