"""Percentages, kept as a number from 0 to 1: 25 % is 0.25. Without a sign a small number is asked about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dialogs.nodes.saying import say
from dialogs.nodes.values import figures
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Several, Span, Unfit, ValueType, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.person import Person

SIGN = re.compile(r"(.{1,60}?) ?(?:%|percent|per cent|prozent|pct\.?)", re.IGNORECASE)
IN_A_SENTENCE = re.compile(
    r"(?<![\w.,-])\d{1,3}(?:[.,]\d{1,9})? ?(?:%|(?:percent|per cent|prozent)\b)", re.IGNORECASE | re.ASCII
)
WHOLE = 100


class Percentage(ValueType):
    """A share from 0 to 1; 25 % is 0.25."""

    name = "percentage"

    def read(self, text: str, around: Circumstances) -> Reading:
        words = text[:LONGEST].strip().rstrip(".!")
        signed = SIGN.fullmatch(words)
        number = figures.figure(signed[1] if signed else words, around.person)
        if number is None:
            return Unfit(say("“{words}” is not a percentage.", words=shortened(text)))
        if not 0 <= number <= WHOLE:
            return Unfit(say("A percentage is from 0 to 100 %."))
        if not signed and 0 < number <= 1:
            # "0.5" may be half a percent or one half.
            return Several(
                tuple((self.said(one, around.person), f"{one * WHOLE:.10g}%") for one in (number / WHOLE, number))
            )
        return Found(round(number / WHOLE, 12))

    def spots(self, text: str, around: Circumstances) -> Iterator[Span]:
        return (Span(*match.span()) for match in IN_A_SENTENCE.finditer(text[:LONGEST]))

    def said(self, value: Any, person: Person) -> str:
        from babel.numbers import format_percent

        return format_percent(value, locale=person.conventions, decimal_quantization=False)
