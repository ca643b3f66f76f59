"""Numbers in digits or English words, 18 digits at most; or the digits as they are, with leading zeros."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dialogs.nodes.saying import say
from dialogs.nodes.values import figures
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Span, Unfit, ValueType, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.person import Person

AS_TEXT = re.compile(r"[+-]?\d{1,18}", re.ASCII)


class Number(ValueType):
    """A number in digits or words."""

    name = "number"
    rules_used = ("minimum", "maximum", "keep_as_text", "least_digits", "most_digits")

    def read(self, text: str, around: Circumstances) -> Reading:
        value = figures.figure(text[:LONGEST], around.person)
        if value is None:
            return Unfit(say("“{words}” is not a number.", words=shortened(text)))
        if self.rules.minimum is not None and value < self.rules.minimum:
            least = figures.said(self.rules.minimum, around.person)
            value_said = figures.said(value, around.person)
            return Unfit(say("{value} is too small; {least} is the least.", value=value_said, least=least))
        if self.rules.maximum is not None and value > self.rules.maximum:
            most = figures.said(self.rules.maximum, around.person)
            value_said = figures.said(value, around.person)
            return Unfit(say("{value} is too large; {most} is the most.", value=value_said, most=most))
        return Found(self._as_text(text.strip(), value) if self.rules.keep_as_text else value)

    def spots(self, text: str, around: Circumstances) -> Iterator[Span]:
        return (Span(*match.span()) for match in figures.IN_A_SENTENCE.finditer(text[:LONGEST]))

    def said(self, value: Any, person: Person) -> str:
        return value if isinstance(value, str) else figures.said(value, person)

    def _as_text(self, text: str, value: float) -> str:
        return text if AS_TEXT.fullmatch(text) else str(value)
