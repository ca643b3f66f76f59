"""An amount of money, kept as {"amount": …, "currency": …} with the ISO 4217 code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dialogs.nodes.saying import say
from dialogs.nodes.values import figures
from dialogs.nodes.values.base import Circumstances, Found, Reading, Several, Span, Unfit, ValueType, shortened
from dialogs.nodes.values.places import currency_names, symbols
from dialogs.nodes.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.person import Person

NUMBER = r"[+-]?\d[\d.,'\u2019\u00a0\u202f]{0,30}"
AMOUNT_LAST = re.compile(rf"([^\d+-]{{1,40}}?) ?({NUMBER})", re.ASCII)
AMOUNT_FIRST = re.compile(rf"({NUMBER}) ?([^\d]{{1,40}})", re.ASCII)
IN_A_SENTENCE = re.compile(
    r"(?<![\w.,])(?:[$€£¥₹] ?\d[\d.,]{0,20}\d|[$€£¥₹] ?\d|\d[\d.,]{0,20} ?(?:[$€£¥₹]|[A-Z]{3}\b|euros?\b|dollars?\b))"
)
LONGEST = 80


class Currency(ValueType):
    """An amount of money with its currency."""

    name = "currency"
    rules_used = ("minimum", "maximum")

    def read(self, text: str, around: Circumstances) -> Reading:
        person, words = around.person, text.strip().rstrip(".!")[:LONGEST]
        match = AMOUNT_LAST.fullmatch(words) or AMOUNT_FIRST.fullmatch(words)
        parts = match.groups() if match else figures.split(words)
        number = next((part for part in parts if any(map(str.isdigit, part))), parts[0])
        amount = figures.figure(number, person)
        if amount is None:
            return Unfit(say("“{words}” is not an amount of money.", words=shortened(text)))
        if self._out_of_limits(amount):
            return Unfit(say("{amount} is not within the limits.", amount=figures.said(amount, person)))
        unit = next((part for part in parts if part != number), "")
        codes = _codes(unit, person)
        if len(codes) == 1:
            return Found({"amount": amount, "currency": codes[0]})
        if codes:
            return Several(tuple((self._money(amount, code, person), f"{amount} {code}") for code in codes))
        return Unfit(say("Please say the currency, too, for example 25 EUR."))

    def spots(self, text: str, around: Circumstances) -> Iterator[Span]:
        for match in IN_A_SENTENCE.finditer(text[:1000]):
            if isinstance(self.read(match[0], around), Found | Several):
                yield Span(*match.span())

    def said(self, value: Any, person: Person) -> str:
        return self._money(value["amount"], value["currency"], person)

    def _money(self, amount: float, code: str, person: Person) -> str:
        from babel.numbers import format_currency

        return format_currency(amount, code, locale=person.conventions)

    def _out_of_limits(self, amount: float) -> bool:
        low, high = self.rules.minimum, self.rules.maximum
        return (low is not None and amount < low) or (high is not None and amount > high)


def _codes(unit: str, person: Person) -> tuple[str, ...]:
    conventions = person.conventions
    known = symbols(conventions.language, conventions.territory or "").get(unit.strip())
    if known:
        return known
    code = currency_names(conventions.language).exact(plain(unit))
    if code:
        return (code,)
    # "dollars" are many; a person's own come first.
    return (
        symbols(conventions.language, conventions.territory or "")["$"] if plain(unit) in {"dollar", "dollars"} else ()
    )
