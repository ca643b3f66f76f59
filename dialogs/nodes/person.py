"""Whom a dialog talks to, as far as it matters for what is said: languages, time zone, name.

Languages are BCP 47 tags; channels write them as they like ("de_CH", "de-ch"), here they are "de-ch".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, tzinfo

    from babel import Locale

T = TypeVar("T")

#: A language with an optional script, region and variants (RFC 5646 section 2.1, the common part of it).
TAG: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}", re.ASCII)
#: The key of texts that are for everybody, whatever they speak.
ANY: Final = ""


@dataclass(frozen=True, slots=True)
class Person:
    """The end user of a conversation; empty is unknown. The App's own values stand in for what is unknown."""

    locale: str = ""
    time_zone: str = ""
    name: str = ""
    email: str = ""
    app_locale: str = "en"
    app_time_zone: str = "UTC"

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags to look for, best first: the person's with and without region, then the App's, then English."""
        return _languages(self.locale, self.app_locale)

    @property
    def language(self) -> str:
        """The person's language, or the App's: "de"."""
        return self.languages[0].partition("-")[0]

    @property
    def own_languages(self) -> tuple[str, ...]:
        """The person's language with and without region and script; the App's where the person's is unknown."""
        return tuple(tag for tag in self.languages if tag.partition("-")[0] == self.language)

    @property
    def zone(self) -> tzinfo:
        """The person's time zone, or the App's; UTC where neither is one."""
        return _zone(self.time_zone) or _zone(self.app_time_zone) or UTC

    @property
    def conventions(self) -> Locale:
        """How dates, numbers and names of countries are written for this person (Unicode CLDR, by Babel)."""
        return _conventions(self.languages)

    @property
    def has_region(self) -> bool:
        """Whether the region is known, and with it the order of day and month: "en" alone does not tell it."""
        return bool(_conventions(self.languages).territory) or self.language != "en"

    def local(self, moment: datetime) -> datetime:
        """A moment on this person's clock."""
        return moment.astimezone(self.zone)

    def today(self, moment: datetime) -> date:
        """The day that it is where the person is."""
        return self.local(moment).date()


def language_tag(text: str) -> str | None:
    """The tag in its comparable form, or None for what is none."""
    tag = text.strip().replace("_", "-").casefold()
    return tag if TAG.fullmatch(tag) else None


def best_for(person: Person, by_language: Mapping[str, T]) -> T | None:
    """Of things by language the one for this person; where there is none, the first. None of an empty mapping."""
    if ANY in by_language:
        return by_language[ANY]
    fitting = next((by_language[tag] for tag in person.languages if tag in by_language), None)
    return fitting if fitting is not None else next(iter(by_language.values()), None)


@lru_cache(maxsize=1024)
def _languages(*locales: str) -> tuple[str, ...]:
    tags = [tag for text in locales if (tag := language_tag(text))]
    wider = [narrower for tag in tags for narrower in _narrowing(tag)]
    return tuple(dict.fromkeys([*wider, "en"]))


def _narrowing(tag: str) -> list[str]:
    """The tag, then without its last part, and so on: "zh-hant-tw", "zh-hant", "zh"."""
    parts = tag.split("-")
    return ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]


@lru_cache(maxsize=1024)
def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, KeyError, OSError):
        return None


@lru_cache(maxsize=256)
def _conventions(languages: tuple[str, ...]) -> Locale:
    # A tenth of a second to import, and few dialogs need it.
    from babel import Locale, UnknownLocaleError

    for tag in languages:
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale("en")
