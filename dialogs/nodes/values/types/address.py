"""Postal addresses: several words, lines kept, with letters. Whether post arrives there is not known here."""

from __future__ import annotations

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Unfit, ValueType, shortened

LEAST_WORDS, LEAST_LETTERS, MOST_CHARACTERS = 2, 3, 500


class Address(ValueType):
    """A postal address of one or more lines."""

    name = "address"
    any_text = True

    def read(self, text: str, around: Circumstances) -> Reading:
        lines = (" ".join(line.split()).strip(" ,") for line in text[:LONGEST].splitlines())
        value = "\n".join(line for line in lines if line)
        if len(value) > MOST_CHARACTERS:
            return Unfit(
                say(
                    "That is {size} characters long; {most} is the most for an address.",
                    size=len(value),
                    most=MOST_CHARACTERS,
                )
            )
        if len(value.split()) < LEAST_WORDS or sum(map(str.isalpha, value)) < LEAST_LETTERS:
            sentence = "“{words}” is too short for an address. Give street, number, and town."
            return Unfit(say(sentence, words=shortened(text)))
        return Found(value)
