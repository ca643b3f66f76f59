"""Numbers in digits or English words, 18 digits at most."""

from __future__ import annotations

import re

from dialogs.nodes.values.base import Circumstances, Found, Reading, Unfit, ValueType
from dialogs.nodes.words import plain

from .listing import shortened

DIGITS = re.compile(r"[+-]?(?:\d{1,18}|\d{1,3}(?:,\d{3})+)(?:\.\d{1,9})?", re.ASCII)
MOST_DIGITS, MOST_WORDS = 18, 20
UNITS = {
"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}


class Number(ValueType):
    name = "number"

    def read(self, text: str, around: Circumstances) -> Reading:
        value = in_digits(text.strip()) if any(map(str.isdigit, text)) else in_words(plain(text))
        if value is None:
            return Unfit(f"“{shortened(text)}” is not a number.")
        if self.rules.minimum is not None and value < self.rules.minimum:
            return Unfit(f"{value:g} is too small; {self.rules.minimum:g} is the least.")
        if self.rules.maximum is not None and value > self.rules.maximum:
            return Unfit(f"{value:g} is too large; {self.rules.maximum:g} is the most.")
        return Found(value)


def in_digits(text: str) -> float | None:
    """The number a text of digits stands for: whole where it is, None where it is no number."""
    if not DIGITS.fullmatch(text):
        return None
    plain_digits = text.replace(",", "")
    if len(plain_digits.strip("+-").partition(".")[0]) > MOST_DIGITS:
        return None
    return float(plain_digits) if "." in plain_digits else int(plain_digits)


def in_words(text: str) -> int | None:
    """The number that English words stand for ("minus twenty-five", "two hundred and six"), or None."""
    sign, words = 1, text.replace("-", " ").split()
    if words[:1] in (["minus"], ["negative"]):
        sign, words = -1, words[1:]
    if not words or len(words) > MOST_WORDS:
        return None
    total = part = 0
    for word in words:
        if word in UNITS:
            part += UNITS[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in SCALES:
            total, part = total + max(part, 1) * SCALES[word], 0
        elif word not in {"and", "a"}:
            return None
    return sign * (total + part) if any(word not in {"and", "a"} for word in words) else None
