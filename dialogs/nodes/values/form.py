"""What an entity says about the words of an answer before and after its type reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from dialogs.nodes.saying import say
from dialogs.nodes.words import plain

from .base import Found, Unfit

if TYPE_CHECKING:
    from .base import Reading


class Form(Protocol):
    @property
    def strip_words(self) -> tuple[str, ...]: ...
    @property
    def digits_only(self) -> bool: ...
    @property
    def least_digits(self) -> int | None: ...
    @property
    def most_digits(self) -> int | None: ...


def prepared(text: str, form: Form) -> str:
    """An answer without the words that the author has taken off its ends, or its digits alone."""
    if form.digits_only:
        return "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    return _stripped(text, form.strip_words) if form.strip_words else text


def _stripped(text: str, words: tuple[str, ...]) -> str:
    longest_first = sorted((re.escape(word.strip()) for word in words), key=len, reverse=True)
    ends = re.compile(
        rf"^(?:{'|'.join(longest_first)})(?!\w)[\s,:]*|[\s,]*(?<!\w)(?:{'|'.join(longest_first)})[.!]*$", re.IGNORECASE
    )
    for _ in words:
        shorter = ends.sub("", text.strip())
        if shorter == text or not plain(shorter):
            break
        text = shorter
    return text


def checked(reading: Reading, form: Form) -> Reading:
    """The reading, or a refusal where the value has too few or too many digits."""
    if not isinstance(reading, Found) or (form.least_digits is None and form.most_digits is None):
        return reading
    count = sum(sign.isdigit() for sign in _written(reading.value))
    low, high = form.least_digits or 0, form.most_digits or count
    if low <= count <= high:
        return reading
    if low == form.most_digits:
        return Unfit(say("That has {count} digits; it must have {wanted}.", count=count, wanted=low))
    if form.most_digits:
        sentence = "That has {count} digits; it must have {least} to {most}."
        return Unfit(say(sentence, count=count, least=low, most=high))
    return Unfit(say("That has {count} digits; it must have at least {least}.", count=count, least=low))


def _written(value: Any) -> str:
    return value if isinstance(value, str) else str(value)
