"""Names of people: letters of any script, blanks, hyphens, points and apostrophes, without words around them."""

from __future__ import annotations

import re

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Unfit, ValueType, shortened

LEADING = re.compile(
    r"(?:my name is|the name is|i am|i'm|it's|it is|this is|call me|name:|ich heiße|ich bin|mein name ist)\s+",
    re.IGNORECASE,
)
SIGNS = frozenset(" -.'\u2019\u02bc\u00b7")
MOST_WORDS, MOST_CHARACTERS = 8, 120


class PersonName(ValueType):
    """The name of a person."""

    name = "person"
    any_text = True

    def read(self, text: str, around: Circumstances) -> Reading:
        words = LEADING.sub("", " ".join(text[:LONGEST].split()), count=1).strip(' .,!?"“”')
        letters = [sign for sign in words if sign.isalpha()]
        # Marks that belong to a letter are no letters of their own: vowels in Hindi, accents typed apart.
        fits = all(sign.isalpha() or sign in SIGNS or (not sign.isascii() and not sign.isdigit()) for sign in words)
        if not letters or not fits or len(words) > MOST_CHARACTERS or words.count(" ") >= MOST_WORDS:
            return Unfit(say("“{words}” does not look like a name.", words=shortened(text)))
        return Found(words)
