"""Words as they are: a line (string), several lines (description), or a text of a given form (pattern)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Rules, Span, Unfit, ValueType, shortened
from dialogs.nodes.values.pattern import matches, plain_pattern
from dialogs.nodes.words import EDGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TOKEN = re.compile(r"[^\s,;:!?\"“”()\[\]{}<>]+")
MOST_TOKENS = 100
#: If a form fits these, it fits any word, and a word that fits it tells nothing.
ORDINARY = ("issue", "the", "Please")


class Description(ValueType):
    """Several lines of words, kept as they are."""

    name = "description"
    any_text = True
    rules_used = ("max_length", "letter_case", "pattern", "strip_words", "digits_only", "least_digits", "most_digits")

    def read(self, text: str, around: Circumstances) -> Reading:
        value = self._cased(self._tidy(text))
        if self.rules.max_length and len(value) > self.rules.max_length:
            return Unfit(
                say("That is {size} characters long; {most} is the most.", size=len(value), most=self.rules.max_length)
            )
        if value and self.rules.pattern:
            # "DEMO." and "“DEMO”" mean DEMO, where the author asked for a form and these do not have it.
            forms = dict.fromkeys((value, value.strip(EDGES)))
            value = next((form for form in forms if matches(self.rules.pattern, form, around.scripts)), "")
            if not value:
                return Unfit(say("“{words}” does not have the right form.", words=shortened(text)))
        return Found(value) if value else Unfit(say("There was nothing in your answer."))

    def spots(self, text: str, around: Circumstances) -> Iterable[Span]:
        """Words of the author's form, where that form is no ordinary word's; or those typed in capitals for it."""
        form = self.rules.pattern and plain_pattern(self.rules.pattern)
        if not form:
            return
        ordinary = any(form.fullmatch(self._cased(word)) for word in ORDINARY)
        for count, match in enumerate(TOKEN.finditer(text[:LONGEST])):
            word = match[0].rstrip(".")
            if count < MOST_TOKENS and form.fullmatch(self._cased(word)) and (not ordinary or _capitals(word)):
                yield Span(match.start(), match.start() + len(word))

    def _cased(self, text: str) -> str:
        if not self.rules.letter_case:
            return text
        return text.upper() if self.rules.letter_case == "upper" else text.lower()

    def _tidy(self, text: str) -> str:
        return text.strip()


class String(Description):
    """A line of words, kept as it is."""

    name = "string"

    def _tidy(self, text: str) -> str:
        return " ".join(text.split())


class Pattern(String):
    """A text of the form that a regular expression says."""

    name = "pattern"

    @classmethod
    def complaints(cls, rules: Rules) -> Iterator[tuple[str, str]]:
        if not rules.pattern:
            yield "pattern", "is missing; this type needs it"


def _capitals(word: str) -> bool:
    """Whether somebody typed a name in capitals on purpose: "DEMO", but not "I"."""
    return len(word) > 1 and word.isupper()
