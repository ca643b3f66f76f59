"""Which dialog task a message asks for.

Likeness is counted in words, each weighed by how well it tells the tasks apart: between "create an issue" and "delete
an issue" the word "issue" says little. Misspelled words count by their likeness (rapidfuzz). Prepared once for a bot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Final, Protocol

from rapidfuzz import fuzz, process

from dialogs.nodes.words import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

#: From this score a task is started if no other comes near it, of 100.
SURE: Final = 66.0
#: From this score a task is worth a question.
LIKELY: Final = 45.0
#: Scores this close to the best are rivals.
CLOSE: Final = 12.0
#: How alike two words must be to be taken for one, of 100.
SAME_WORD: Final = 75.0
#: Shorter words are alike too easily: "get" and "set".
SHORTEST_MISSPELLED: Final = 4
#: Words beyond these are not looked at: an intent is said at the beginning.
MOST_CHARACTERS, MOST_WORDS, MOST_RIVALS = 400, 40, 5

WORD: Final = re.compile(r"[\w']+")
#: A code such as "DEMO-7" in an utterance stands for any code: what it says is that there is one.
CODE: Final = re.compile(r"\b[a-z][a-z0-9_]{0,49}-\d{1,18}\b")
ANY_CODE: Final = " 0code "
#: Words that people put around what they want.
FILLING: Final = frozenset({
    "a", "an", "the", "i", "me", "my", "we", "our", "you", "your", "it", "is", "are", "be", "to", "of", "for", "in",
    "on", "at", "and", "or", "please", "can", "could", "would", "will", "want", "need", "like", "wanna", "let", "lets",
    "let's", "i'd", "i'll", "hey", "hi", "hello", "do", "this", "that", "now", "by", "just", "with", "from",
})  # fmt: skip
FILLING_WEIGHT: Final = 0.15
#: How much the heard part of an utterance counts against the explained part of the message.
RECALL: Final = 0.75
#: What an utterance of a language that is not the person's own counts.
FOREIGN: Final = 0.9
#: What words the bot does not know take away: little, for they are often the values of entities.
UNKNOWN_WEIGHT: Final = 0.25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task that may be meant: its key, the utterance that came nearest, and how near, of 100."""

    key: str
    utterance: str
    score: float


@dataclass(frozen=True, slots=True)
class _Example:
    key: str
    language: str
    utterance: str
    words: frozenset[str]
    weight: float


class Spoken(Protocol):
    """A task, or an intent within one."""

    def spoken(self) -> Iterable[tuple[str, str]]:
        """What people say for it, each with its language."""


class IntentIndex:
    """The utterances of several tasks, ready to be compared with a message."""

    def __init__(self, graphs: Mapping[str, Spoken]) -> None:
        worded = [(key, language, text) for key, graph in graphs.items() for language, text in graph.spoken()]
        spoken = [(key, text) for key, _, text in worded]
        self._exact: dict[str, list[tuple[str, Candidate]]] = {}
        for key, language, text in worded:
            self._exact.setdefault(plain(text), []).append((language, Candidate(key, text, 100.0)))
        self._tasks = _users(spoken)
        self._weights = {word: _weight(word, len(graphs) / len(keys)) for word, keys in self._tasks.items()}
        self._vocabulary = list(self._weights)
        self._examples = [self._example(key, language, text) for key, language, text in worded]

    def _example(self, key: str, language: str, text: str) -> _Example:
        words = frozenset(_words(text))
        return _Example(key, language, text, words, sum(self._weights[word] for word in words))

    def rank(self, message: str, languages: Collection[str] = ()) -> list[Candidate]:
        """The best candidate of each task, best first; those that have nothing in common are left out.

        ``languages`` are the person's own: what is said in others counts a little less.
        """
        if exact := self._exact.get(plain(message)):
            return [next((found for language, found in exact if _own(language, languages)), exact[0][1])]
        heard = list(dict.fromkeys(_words(message)))[:MOST_WORDS]
        meant, unknown = self._meant(heard)
        explained = self._explained(meant, unknown)
        best: dict[str, Candidate] = {}
        for example in self._examples:
            found = example.words & meant.keys()
            if not found:
                continue
            recall = sum(self._weights[word] * meant[word] for word in found) / example.weight
            score = 100 * (RECALL * recall + (1 - RECALL) * explained[example.key])
            if not _own(example.language, languages):
                score *= FOREIGN
            if example.key not in best or best[example.key].score < score:
                best[example.key] = Candidate(example.key, example.utterance, round(score, 1))
        return sorted(best.values(), key=lambda candidate: -candidate.score)

    def _meant(self, heard: list[str]) -> tuple[dict[str, float], float]:
        """The known words that were heard with their likeness, of 1, and the weight of the unknown ones."""
        meant: dict[str, float] = {}
        unknown = 0.0
        for word in heard:
            near = self._near(word)
            if not near:
                unknown += _weight(word, 1) * UNKNOWN_WEIGHT
            for known, likeness in near.items():
                meant[known] = max(meant.get(known, 0.0), likeness)
        return meant, unknown

    def _near(self, word: str) -> dict[str, float]:
        if word in self._weights:
            return {word: 1.0}
        if len(word) < SHORTEST_MISSPELLED:
            return {}
        found = process.extract(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=SAME_WORD, limit=5)
        return {known: likeness / 100 for known, likeness, _ in found}

    def _explained(self, meant: Mapping[str, float], unknown: float) -> dict[str, float]:
        """How much of the message each task accounts for with all its utterances together, of 1."""
        sums: dict[str, float] = {}
        total = unknown
        for word, likeness in meant.items():
            weight = self._weights[word]
            total += weight
            for key in self._tasks[word]:
                sums[key] = sums.get(key, 0.0) + weight * likeness
        return {key: part / total for key, part in sums.items()}


def _words(text: str) -> list[str]:
    plainly = text[:MOST_CHARACTERS].casefold().replace("\u2019", "'")
    return WORD.findall(CODE.sub(ANY_CODE, plainly))


def _own(language: str, languages: Collection[str]) -> bool:
    """Whether a person of these languages says it so; what is for everybody is everybody's."""
    return not language or not languages or language in languages


def _users(spoken: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """The tasks that use each word."""
    users: dict[str, set[str]] = {}
    for key, text in spoken:
        for word in _words(text):
            users.setdefault(word, set()).add(key)
    return users


def _weight(word: str, rarity: float) -> float:
    """What a word tells: the fewer of the tasks use it, the more (inverse document frequency)."""
    return log(1 + rarity) * (FILLING_WEIGHT if word in FILLING else 1.0)


def decide(ranked: list[Candidate]) -> list[Candidate]:
    """The candidates worth a thought. One that `is_sure` is started; any others are asked about."""
    if not ranked or ranked[0].score < LIKELY:
        return []
    return [candidate for candidate in ranked if candidate.score > ranked[0].score - CLOSE][:MOST_RIVALS]


def is_sure(rivals: list[Candidate]) -> bool:
    """Whether the only rival left is near enough to be started without asking."""
    return len(rivals) == 1 and rivals[0].score >= SURE
