"""E-mail addresses, alone or as the only one in a sentence; whether the host takes mail is not asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Several, Span, Unfit, ValueType, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_ADDRESS = 254
WORD = re.compile(r"[^\s<>()\[\]{},;\"]{1,400}")
AROUND = ".:!?'"
MOST = 5


class Email(ValueType):
    """An e-mail address."""

    name = "email"

    def read(self, text: str, around: Circumstances) -> Reading:
        addresses = list(dict.fromkeys(address for _, address in _addresses(text)))
        if len(addresses) == 1:
            return Found(addresses[0])
        if addresses:
            return Several(tuple((address, address) for address in addresses[:MOST]))
        return Unfit(say("“{words}” is not an e-mail address.", words=shortened(text)))

    def spots(self, text: str, around: Circumstances) -> Iterator[Span]:
        return (span for span, _ in _addresses(text))


def _addresses(text: str) -> Iterator[tuple[Span, str]]:
    for match in WORD.finditer(text[:LONGEST]):
        word = match[0].strip(AROUND).removeprefix("mailto:")
        if "@" in word and (address := _checked(word)):
            start = match.start() + match[0].index(word)
            yield Span(start, start + len(word)), address


def _checked(word: str) -> str | None:
    """The address as it is written at its best, or None for what is none."""
    if len(word) > LONGEST_ADDRESS:
        return None
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(word, check_deliverability=False).normalized
    except EmailNotValidError:
        return None
