"""Things known by names: found by a whole answer, by a mention in a sentence, and near misses that are worth asking."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from rapidfuzz import fuzz, process

from dialogs.nodes.words import NEGATION, plain

from .base import LONGEST, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

T = TypeVar("T")

#: Likeness from which a near miss is worth a question, of 100.
NEAR: Final = 70.0
MOST_SUGGESTIONS: Final = 5
#: Beyond these a message is no choice but a tale; looking for near misses in it would only cost time.
SHORTEST_NEAR_MISS, LONGEST_NEAR_MISS = 2, 100
#: Longest name of anything, in words: a sentence is looked through for runs of so many.
MOST_WORDS_OF_A_NAME: Final = 8
WORD: Final = re.compile(r"[^\s.,;:!?…\"“”()\[\]{}<>]+(?:\.[^\s.,;:!?…\"“”()\[\]{}<>]+)*")


class Names(Generic[T]):
    """Names, comparable as `plain` makes them, and what each means. Prepared once, shared by all."""

    def __init__(self, meanings: Mapping[str, T]) -> None:
        self._meanings = meanings
        self._longest = min(max((name.count(" ") + 1 for name in meanings), default=0), MOST_WORDS_OF_A_NAME)

    def exact(self, text: str) -> T | None:
        """What the whole text names."""
        return self._meanings.get(plain(text))

    def mentions(self, text: str) -> Iterator[tuple[Span, T]]:
        """Every name in a sentence, the longest of those at one place, from left to right."""
        words = list(WORD.finditer(text[:LONGEST]))
        at = 0
        while at < len(words):
            found = self._at(text, words, at)
            if found:
                count, meaning = found
                yield Span(words[at].start(), words[at + count - 1].end()), meaning
            at += found[0] if found else 1

    def _at(self, text: str, words: list[re.Match[str]], at: int) -> tuple[int, T] | None:
        for count in range(min(self._longest, len(words) - at), 0, -1):
            name = plain(text[words[at].start() : words[at + count - 1].end()])
            if name in self._meanings:
                return count, self._meanings[name]
        return None

    def only(self, text: str) -> T | None:
        """What a sentence names, if that is one thing and nothing turns it around."""
        meanings = list(dict.fromkeys(meaning for _, meaning in self.mentions(text)))
        return meanings[0] if len(meanings) == 1 and not NEGATION.search(plain(text)) else None

    def near(self, text: str) -> list[T]:
        """What the text may have meant to name, best first: longer names that begin so, and misspelled ones."""
        words = plain(text)
        if not SHORTEST_NEAR_MISS <= len(words) <= LONGEST_NEAR_MISS:
            return []
        near: Iterable[str] = [name for name in self._meanings if name.startswith(words)]
        alike = process.extract(words, list(self._meanings), scorer=fuzz.ratio, score_cutoff=NEAR)
        names = [*near, *(name for name, _, _ in alike)]
        return list(dict.fromkeys(self._meanings[name] for name in names))[:MOST_SUGGESTIONS]
