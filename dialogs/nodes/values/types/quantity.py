"""A measured amount, kept as {"amount": …, "unit": "kilogram", "kind": "mass"}; units as Unicode CLDR names them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dialogs.nodes.saying import say
from dialogs.nodes.values import figures
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Span, Unfit, ValueType, shortened
from dialogs.nodes.values.matching import Names
from dialogs.nodes.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel import Locale

    from dialogs.nodes.person import Person

PARTS = re.compile(r"(?:about |ca\. |etwa )?([+-]?\d[\d.,'\u2019\u00a0\u202f]{0,30}) ?([^\d\s][^\d]{0,40})", re.ASCII)
IN_A_SENTENCE = re.compile(r"(?<![\w.,-])\d[\d.,]{0,20} ?[^\d\s.,;:!?-]{1,30}")
#: Units that people measure in, most common first: the first has a name that two share. CLDR's "kind-unit".
UNITS = tuple(
    f"{kind}-{unit}"
    for kind, units in {
        "length": "meter kilometer centimeter millimeter micrometer mile foot inch yard nautical-mile",
        "mass": "kilogram gram milligram tonne pound ounce stone ton",
        "duration": "minute second hour day week month year millisecond",
        "volume": "liter milliliter centiliter deciliter hectoliter cubic-meter cubic-centimeter gallon pint quart cup"
        " fluid-ounce tablespoon teaspoon barrel",
        "area": "square-meter square-kilometer square-centimeter hectare acre square-foot square-mile square-yard",
        "temperature": "celsius fahrenheit kelvin",
        "speed": "kilometer-per-hour mile-per-hour meter-per-second knot",
        "digital": "byte kilobyte megabyte gigabyte terabyte petabyte",
        "energy": "joule kilojoule kilocalorie calorie kilowatt-hour",
        "power": "watt kilowatt megawatt horsepower",
        "pressure": "pascal hectopascal bar pound-force-per-square-inch",
        "frequency": "hertz kilohertz megahertz gigahertz",
        "electric": "volt ampere ohm",
        "angle": "degree",
    }.items()
    for unit in units.split()
)


class Quantity(ValueType):
    """An amount with its unit."""

    name = "quantity"

    def read(self, text: str, around: Circumstances) -> Reading:
        number, unit_words = _parts(" ".join(text[:200].split()).rstrip(".!"))
        amount = figures.figure(number, around.person)
        if amount is None:
            return Unfit(say("“{words}” is not an amount with a unit.", words=shortened(text)))
        unit = units(around.person.conventions.language).exact(unit_words)
        if unit is None:
            return Unfit(say("Please say the unit, too, for example 5 kg or 20 minutes."))
        kind, _, name = unit.partition("-")
        return Found({"amount": amount, "unit": name, "kind": kind})

    def spots(self, text: str, around: Circumstances) -> Iterator[Span]:
        for match in IN_A_SENTENCE.finditer(text[:LONGEST]):
            if isinstance(self.read(match[0], around), Found):
                yield Span(*match.span())

    def said(self, value: Any, person: Person) -> str:
        from babel.units import format_unit

        unit = f"{value['kind']}-{value['unit']}"
        return format_unit(value["amount"], unit, "long", locale=person.conventions)


def _parts(words: str) -> tuple[str, str]:
    """The number and the unit of an amount; all of it is the number where there is no unit."""
    match = PARTS.fullmatch(words)
    return (match[1], match[2]) if match else figures.split(words)


@lru_cache(maxsize=32)
def units(language: str) -> Names[str]:
    """What units are called, in words and short, in English and one more language."""
    from babel import Locale

    names: dict[str, str] = {}
    for locale in (Locale("en"), Locale(language)):
        for unit in UNITS:
            for name in _names(unit, locale):
                names.setdefault(name, unit)
    return Names(names)


def _names(unit: str, locale: Locale) -> Iterator[str]:
    from babel.units import format_unit

    for length in ("long", "short"):
        for count in (1, 2, 5):
            yield plain(format_unit(count, unit, length, locale=locale).replace(str(count), ""))
