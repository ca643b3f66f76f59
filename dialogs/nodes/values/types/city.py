"""Names of cities: words with letters. Whether there is such a city is not known here."""

from __future__ import annotations

import re

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Unfit, ValueType, shortened

LEADING = re.compile(r"(?:in|to|from|at|near|nach|aus)\s+", re.IGNORECASE)
#: The longest official name of a place has 85 letters (Taumata…, New Zealand), Bangkok's ceremonial one 168.
MOST_CHARACTERS, MOST_WORDS = 170, 12


class City(ValueType):
    """The name of a city."""

    name = "city"
    any_text = True

    def read(self, text: str, around: Circumstances) -> Reading:
        words = LEADING.sub("", " ".join(text[:LONGEST].split()), count=1).strip(' .,!?"“”')
        letters = sum(map(str.isalpha, words))
        if (
            letters < 1
            or any(map(str.isdigit, words))
            or len(words) > MOST_CHARACTERS
            or words.count(" ") >= MOST_WORDS
        ):
            return Unfit(say("“{words}” does not look like the name of a city.", words=shortened(text)))
        return Found(words)
