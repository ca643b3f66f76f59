"""Texts in several wordings, for everybody or by language; and what can be tapped instead of typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .person import best_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xoplatform.core.templating import Template, Variables

    from .person import Person


@dataclass(frozen=True, slots=True)
class ByLanguage:
    """Entries for everybody (key `person.ANY`) or by language tag. False when there are none."""

    entries: Mapping[str, tuple[Any, ...]]

    def __bool__(self) -> bool:
        return any(self.entries.values())

    def __iter__(self) -> Iterator[Any]:
        return (entry for entries in self.entries.values() for entry in entries)

    def languages(self) -> Iterator[tuple[str, Any]]:
        """Every entry with its language; the key `person.ANY` is any."""
        return ((language, entry) for language, entries in self.entries.items() for entry in entries)

    def of(self, person: Person) -> tuple[Any, ...]:
        """The entries for this person: in the person's language, else the App's, else English, else the first."""
        return best_for(person, self.entries) or ()


@dataclass(frozen=True, slots=True)
class Wordings(ByLanguage):
    """Templates of which one is said, or that are said one after the other."""

    entries: Mapping[str, tuple[Template, ...]]

    def of(self, person: Person) -> tuple[Template, ...]:
        return best_for(person, self.entries) or ()


SCHEMES = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Tap:
    """Something to tap: it says ``value`` as if typed, or opens ``url``."""

    title: Template
    value: Template
    url: Template | None = None

    def templates(self) -> Iterator[Template]:
        yield self.title
        yield self.value
        if self.url is not None:
            yield self.url


@dataclass(frozen=True, slots=True)
class Taps(ByLanguage):
    """Quick replies or buttons."""

    entries: Mapping[str, tuple[Tap, ...]]

    def shown(self, person: Person, variables: Variables) -> tuple[tuple[str, str], ...]:
        """The (title, value) of each for this person; those that render to nothing are left out."""
        rendered = ((tap.title.text(variables), tap.value.text(variables)) for tap in self.of(person))
        return tuple((title, value or title) for title, value in rendered if title)

    def to_json(self, person: Person, variables: Variables) -> list[dict[str, str]]:
        """The same as a channel gets buttons: {title, value} or {title, url}.

        An address may hold what somebody typed: one that is no web address, such as a script, is left out.
        """
        buttons = (_button(tap, variables) for tap in self.of(person))
        return [one for one in buttons if one["title"] and one.get("url", SCHEMES[0]).startswith(SCHEMES)]


def _button(tap: Tap, variables: Variables) -> dict[str, str]:
    if tap.url is not None:
        return {"title": tap.title.text(variables), "url": tap.url.text(variables)}
    return {"title": tap.title.text(variables), "value": tap.value.text(variables)}
