"""Numbers as people write them: by the conventions of their region, in plain English form, or in English words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dialogs.nodes.words import plain

if TYPE_CHECKING:
    from dialogs.nodes.person import Person

DIGITS: Final = re.compile(r"[+-]?(?:\d{1,18}|\d{1,3}(?:,\d{3})+)(?:\.\d{1,9})?", re.ASCII)
#: A number with any separators: digits, and between them points, commas, apostrophes and narrow or unbroken blanks.
ANY_SEPARATORS: Final = re.compile(r"[+-]?\d[\d.,'\u2019\u00a0\u202f ]{0,30}", re.ASCII)
#: The same in the middle of a sentence, without blanks, and not as part of a word, a date or a key such as DEMO-1.
IN_A_SENTENCE: Final = re.compile(r"(?<![\w.,:/-])[+-]?\d{1,18}(?:[.,]\d{1,18}){0,6}(?![\w:/-]|[.,]\d)", re.ASCII)
MOST_DIGITS, MOST_WORDS = 18, 20
UNITS: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES: Final = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}


def figure(text: str, person: Person) -> float | None:
    """The number that a whole text stands for: whole where it is, None where it is no number.

    18 digits at most. "1.500" is 1500 to a German and 1.5 to an American; "3.5" is the same to both.
    """
    text = text.strip()
    if not any(map(str.isdigit, text)):
        return in_words(plain(text))
    if person.language != "en" and (found := by_region(text, person)) is not None:
        return found
    return in_digits(text)


def by_region(text: str, person: Person) -> float | None:
    """A number written as this person's region writes it (Unicode CLDR, by Babel)."""
    if not ANY_SEPARATORS.fullmatch(text) or sum(map(str.isdigit, text)) > MOST_DIGITS:
        return None
    from babel.numbers import NumberFormatError, parse_decimal

    try:
        value = parse_decimal(_separated(text, person), locale=person.conventions, strict=True)
    except (NumberFormatError, ValueError):
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _separated(text: str, person: Person) -> str:
    """With the blanks and apostrophes that people type in place of those that the region prints between thousands."""
    from babel.numbers import get_group_symbol

    group = get_group_symbol(person.conventions)
    alike = next((signs for signs in ("'\u2019", " \u00a0\u202f") if group in signs), "")
    return text.translate({ord(sign): group for sign in alike})


def split(words: str) -> tuple[str, str]:
    """The number in English words at the beginning of a text, as long as it may be, and what follows it."""
    cuts = [at for at, sign in enumerate(words) if sign == " "][: MOST_WORDS + 1]
    spoken = (cut for cut in reversed(cuts) if in_words(plain(words[:cut])) is not None)
    cut = next(spoken, len(words))
    return words[:cut], words[cut:].strip()


def in_digits(text: str) -> float | None:
    """The number a text of digits stands for, with commas between thousands and a decimal point."""
    if not DIGITS.fullmatch(text):
        return None
    plain_digits = text.replace(",", "")
    if len(plain_digits.strip("+-").partition(".")[0]) > MOST_DIGITS:
        return None
    return float(plain_digits) if "." in plain_digits else int(plain_digits)


def in_words(text: str) -> int | None:
    """The number that English words stand for ("minus twenty-five", "two hundred and six"), or None."""
    sign, words = 1, text.replace("-", " ").split(maxsplit=MOST_WORDS + 1)
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


def said(value: float, person: Person) -> str:
    """A number as this person's region writes it."""
    from babel.numbers import format_decimal

    return format_decimal(value, locale=person.conventions, decimal_quantization=False)
