"""Words as they are: a line (string), several lines (description), or a text of a given form (pattern)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.nodes.values.base import Circumstances, Found, Reading, Rules, Unfit, ValueType
from dialogs.nodes.values.pattern import matches
from dialogs.nodes.words import EDGES

from .listing import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator


class Description(ValueType):
    name = "description"

    def read(self, text: str, around: Circumstances) -> Reading:
        value = self._tidy(text)
        if self.rules.letter_case:
            value = value.upper() if self.rules.letter_case == "upper" else value.lower()
        if self.rules.max_length and len(value) > self.rules.max_length:
            return Unfit(f"That is {len(value)} characters long; {self.rules.max_length} is the most.")
        if value and self.rules.pattern:
            # "DEMO." and "“DEMO”" mean DEMO, where the author asked for a form and these do not have it.
            forms = dict.fromkeys((value, value.strip(EDGES)))
            value = next((form for form in forms if matches(self.rules.pattern, form, around.scripts)), "")
            if not value:
                return Unfit(f"“{shortened(text)}” does not have the right form.")
        return Found(value) if value else Unfit("There was nothing in your answer.")

    def _tidy(self, text: str) -> str:
        return text.strip()


class String(Description):
    name = "string"

    def _tidy(self, text: str) -> str:
        return " ".join(text.split())


class Pattern(String):
    name = "pattern"

    @classmethod
    def complaints(cls, rules: Rules) -> Iterator[tuple[str, str]]:
        if not rules.pattern:
            yield "pattern", "is missing; this type needs it"
