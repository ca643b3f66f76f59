"""Telephone numbers, kept as E.164 (+4930123456). Without a country code they are of the person's own country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Several, Span, Unfit, ValueType, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.person import Person

MOST, MOST_TRIES = 5, 20


class Phone(ValueType):
    """A telephone number, as +4930123456."""

    name = "phone"
    rules_used = ("country",)

    def read(self, text: str, around: Circumstances) -> Reading:
        numbers = list(dict.fromkeys(number for _, number in self._numbers(text, around.person)))
        if len(numbers) == 1:
            return Found(numbers[0])
        if numbers:
            return Several(tuple((self.said(number, around.person), number) for number in numbers[:MOST]))
        if "+" not in text and self._region(around.person) is None and any(map(str.isdigit, text)):
            return Unfit(say("Please give the number with its country code, for example +49 30 901820."))
        return Unfit(say("“{words}” is not a telephone number.", words=shortened(text)))

    def spots(self, text: str, around: Circumstances) -> Iterator[Span]:
        return (span for span, _ in self._numbers(text, around.person))

    def said(self, value: Any, person: Person) -> str:
        import phonenumbers

        number = phonenumbers.parse(str(value))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    def _region(self, person: Person) -> str | None:
        return self.rules.country or person.conventions.territory

    def _numbers(self, text: str, person: Person) -> Iterator[tuple[Span, str]]:
        import phonenumbers

        matcher = phonenumbers.PhoneNumberMatcher(text[:LONGEST], self._region(person), max_tries=MOST_TRIES)
        for match in matcher:
            number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            yield Span(match.start, match.end), number
