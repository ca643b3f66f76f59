"""One of a list's items: by title, value, synonym or number; near misses are asked about, never taken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from dialogs.nodes.values.base import Circumstances, Found, Reading, Rules, Several, Unfit, ValueType
from dialogs.nodes.words import NEGATION, plain, position

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dialogs.nodes.values.choice import Choice

#: Likeness from which a near miss is worth a question, of 100.
NEAR = 70.0
MOST_SUGGESTIONS = 5
#: Beyond these a message is no choice but a tale; looking for near misses in it would only cost time.
SHORTEST_NEAR_MISS, LONGEST_NEAR_MISS = 2, 100


class Listing(ValueType):
    name = "list"

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules)
        self._choices = rules.choices or ()
        self._by_name: dict[str, Choice] = {}
        for choice in self._choices:
            for name in choice.names():
                self._by_name.setdefault(name, choice)
        longest_first = sorted(self._by_name, key=len, reverse=True)
        self._mention = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest_first))

    @classmethod
    def complaints(cls, rules: Rules) -> Iterator[tuple[str, str]]:
        if not rules.choices:
            yield "choices", "is missing; a list needs its items"
            return
        owners: dict[str, Choice] = {}
        for choice in rules.choices:
            for name in choice.names():
                if owners.setdefault(name, choice) is not choice:
                    yield "choices", f"has two items that are called “{name}”"

    def options(self) -> tuple[tuple[str, str], ...]:
        return tuple((choice.title, choice.title) for choice in self._choices)

    def read(self, text: str, around: Circumstances) -> Reading:
        words = plain(text)
        if choice := self._by_name.get(words) or self._numbered(text):
            return Found(choice.value)
        mentioned = list(dict.fromkeys(self._by_name[match[0]].title for match in self._mention.finditer(words)))
        if len(mentioned) == 1 and not NEGATION.search(words):
            return Found(self._by_name[plain(mentioned[0])].value)
        return _several(mentioned) or _several(self._near(words)) or Unfit(f"“{shortened(text)}” is not in the list.")

    def _numbered(self, text: str) -> Choice | None:
        number = position(text)
        return self._choices[number - 1] if number and number <= len(self._choices) else None

    def _near(self, words: str) -> list[str]:
        if not SHORTEST_NEAR_MISS <= len(words) <= LONGEST_NEAR_MISS:
            return []
        near = [name for name in self._by_name if name.startswith(words)]
        near += [
            name for name, _, _ in process.extract(words, list(self._by_name), scorer=fuzz.ratio, score_cutoff=NEAR)
        ]
        return list(dict.fromkeys(self._by_name[name].title for name in near))[:MOST_SUGGESTIONS]


def _several(titles: Iterable[str]) -> Several | None:
    options = tuple((title, title) for title in titles)
    return Several(options) if options else None


def shortened(text: str, most: int = 60) -> str:
    """A person's words, short enough to say back."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
