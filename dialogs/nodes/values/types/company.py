"""Names of companies: a line with at least one letter or digit."""

from __future__ import annotations

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Unfit, ValueType, shortened

MOST_CHARACTERS = 200


class Company(ValueType):
    """The name of a company."""

    name = "company"
    any_text = True

    def read(self, text: str, around: Circumstances) -> Reading:
        words = " ".join(text[:LONGEST].split()).strip(' ,!?"“”')
        if not any(map(str.isalnum, words)) or len(words) > MOST_CHARACTERS:
            return Unfit(say("“{words}” does not look like the name of a company.", words=shortened(text)))
        return Found(words)
