"""Names of countries, currencies and time zones in a person's language and in English (Unicode CLDR, by Babel)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import available_timezones

from dialogs.nodes.words import plain

from .matching import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What people say besides the names in CLDR.
ALSO_CALLED: Final = {
    "uk": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "usa": "US", "u.s.a": "US", "u.s": "US", "america": "US", "united states of america": "US", "the states": "US",
    "holland": "NL", "the netherlands": "NL", "south korea": "KR", "north korea": "KP", "russia": "RU",
    "uae": "AE", "emirates": "AE", "czech republic": "CZ", "ivory coast": "CI", "burma": "MM", "vatican": "VA",
}  # fmt: skip
CODE_LENGTH: Final = 2


@lru_cache(maxsize=64)
def country_names(language: str) -> Names[str]:
    """Names to ISO 3166-1 alpha-2 codes, without the codes themselves."""
    from babel import Locale

    named = {plain(name): code for tag in ("en", language) for code, name in _countries(Locale(tag).territories)}
    return Names({**named, **ALSO_CALLED})


def _countries(territories: Any) -> Iterator[tuple[str, str]]:
    known = set(country_codes().values())
    return ((code, name) for code, name in territories.items() if code in known)


@lru_cache(maxsize=1)
def country_codes() -> dict[str, str]:
    """Upper-case alpha-2, alpha-3 and numeric codes of ISO 3166-1 to alpha-2."""
    from babel.core import get_global

    aliases = get_global("territory_aliases")
    longer = {code: known[0] for code, known in aliases.items() if len(code) > CODE_LENGTH and len(known) == 1}
    countries = set(get_global("territory_currencies")) & {code for code in longer.values() if len(code) == CODE_LENGTH}
    return {code: code for code in countries} | {code: known for code, known in longer.items() if known in countries}


def country_name(code: str, language: str) -> str:
    from babel import Locale

    return str(Locale(language).territories.get(code, code))


@lru_cache(maxsize=64)
def currency_names(language: str) -> Names[str]:
    """Names of currencies in the singular and plural to ISO 4217 codes, with the codes."""
    from babel import Locale
    from babel.core import get_global
    from babel.numbers import get_currency_name

    current = {
        row[0] for rows in get_global("territory_currencies").values() for row in rows if row[2] is None and row[3]
    }
    names: dict[str, str] = {}
    for tag in ("en", language):
        locale = Locale(tag)
        for code in sorted(current):
            spoken = (get_currency_name(code, count=count, locale=locale) for count in (None, 1, 2, 5))
            names |= {plain(name): code for name in spoken}
    return Names(names | {code.casefold(): code for code in current} | {"euro": "EUR", "euros": "EUR", "pounds": "GBP"})


@lru_cache(maxsize=64)
def symbols(language: str, territory: str) -> dict[str, tuple[str, ...]]:
    """Signs of money and what they may stand for: "$" is the person's own dollar, or one of several."""
    from babel.numbers import get_currency_symbol, get_territory_currencies

    common = {
        "€": ("EUR",),
        "£": ("GBP",),
        "¥": ("JPY", "CNY"),
        "₹": ("INR",),
        "$": ("USD", "CAD", "AUD"),
        "₩": ("KRW",),
    }
    common |= {"₺": ("TRY",), "₽": ("RUB",), "₴": ("UAH",), "₫": ("VND",), "₦": ("NGN",), "₱": ("PHP",), "zł": ("PLN",)}
    common |= {"₪": ("ILS",)}
    for code in get_territory_currencies(territory) if territory else ():
        symbol = get_currency_symbol(code, locale=f"{language}_{territory}")
        common[symbol] = (code,)
    return common


@lru_cache(maxsize=64)
def zone_names(language: str) -> Names[str]:
    """Time zones by their name, their city and what the city is called in this language, to IANA names."""
    from babel import Locale

    zones = sorted(
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix", "right"))
    )
    names = {plain(zone.rpartition("/")[2].replace("_", " ")): zone for zone in zones}
    for tag in ("en", language):
        for zone, words in Locale(tag).time_zones.items():
            if "city" in words and zone in zones:
                names[plain(words["city"])] = zone
    names |= {plain(zone): zone for zone in zones} | {"utc": "UTC", "gmt": "UTC", "z": "UTC"}
    return Names(names)
