"""Values in what the person said before they were asked for: "create a bug in DEMO: printer on fire".

Nothing is guessed: a value is taken where its type is sure of it, or where the words say what it is: behind a cue ("in
DEMO", "called …", "summary: …"), in quotes, after a colon. Where two different values could be meant, none is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from dialogs.nodes.words import STOP, plain

from .base import LONGEST, Found, Span, Unfit
from .matching import WORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .base import Reading

#: Pieces of what was said that are kept for later, the last ones, and words of a value behind a cue.
MOST_PIECES, MOST_WORDS = 8, 5
QUOTED: Final = re.compile(r"\"([^\"]{1,500})\"|“([^”“]{1,500})”|«([^»«]{1,500})»|„([^“”„]{1,500})[“”]")
#: A colon with words behind it; not the one in 10:30 or https:.
AFTER_COLON: Final = re.compile(r":\s+(?=\S)")
#: Where a text behind a cue ends.
CLAUSE: Final = re.compile(r"[;\n]|,\s+(?:and\s+)?\w+(?:\s\w+)?\s*:|[.!?]\s")
SIGNS: Final = re.compile(r"[:;,.!?\n]")
NAMED: Final = ("called", "named", "titled", "entitled")

#: A piece of what was said: in which turn, and the words.
Piece = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """A value with the words it was in, and what is left of what was said."""

    value: Any
    words: str
    left: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked for: how a text is read, where values are sure to be, and which words point at one.

    ``free`` is a type that any text fits; ``familiar`` are words by which the task itself is asked for.
    """

    read: Callable[[str], Reading]
    spots: Callable[[str], Iterable[Span]]
    labels: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    free: bool = False
    any_text: bool = False
    familiar: frozenset[str] = frozenset()

    def rules(self) -> Iterator[Callable[[str], Iterator[tuple[Span, str]]]]:
        """From the plainest sign to the faintest; each gives places in a text with the words that are read there."""
        yield self._behind_cues
        if self.free:
            yield _quoted
            yield _after_colon
        else:
            yield self.spotted

    def _behind_cues(self, text: str) -> Iterator[tuple[Span, str]]:
        pattern = _cue_pattern(self.labels, self.cues, free=self.free)
        for match in pattern.finditer(text) if pattern else ():
            if self.free:
                end = _clause_end(text, match.end())
                if words := text[match.end() : end].strip():
                    yield Span(match.start(), end), QUOTED.sub(_inside, words) if QUOTED.fullmatch(words) else words
            else:
                yield from self._short(text, match)

    def _short(self, text: str, match: re.Match[str]) -> Iterator[tuple[Span, str]]:
        """The longest run of words behind a cue that is a value."""
        words = list(WORD.finditer(text, match.end()))[:MOST_WORDS]
        if not words or words[0].start() > match.end() + 1 or self._says_nothing(words[0][0]):
            return
        for count in range(len(words), 0, -1):
            run = text[words[0].start() : words[count - 1].end()]
            if isinstance(self.read(run), Found):
                yield Span(match.start(), words[count - 1].end()), run
                return

    def spotted(self, text: str) -> Iterator[tuple[Span, str]]:
        for span in self.spots(text):
            words = text[span.start : span.end]
            if not (self.any_text and self._says_nothing(words)):
                yield span, words

    def _says_nothing(self, word: str) -> bool:
        # A key such as DEMO-7 is a value even where an utterance has it for an example.
        return plain(word) in STOP or (plain(word) in self.familiar and not any(map(str.isdigit, word)))


def any_phrase(words: str) -> Reading:
    """Words that may be a name to look for: without punctuation, and none of them a filling word."""
    listed = [plain(word) for word in words.split()]
    fits = not SIGNS.search(words) and not any(word in STOP or word in NAMED for word in listed)
    return Found(words) if fits else Unfit("")


def take(pieces: Sequence[Piece], look: Look) -> Taken | None:
    """The value that pieces of what was said hold, if they hold one and not two."""
    for rule in look.rules():
        found: dict[str, Taken] = {}
        for place, (turn, text) in enumerate(pieces):
            for span, words in rule(text[:LONGEST]):
                reading = look.read(words)
                if isinstance(reading, Found):
                    left = (*pieces[:place], *_around((turn, text), span), *pieces[place + 1 :])
                    found.setdefault(repr(reading.value), Taken(reading.value, words, left[-MOST_PIECES:]))
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            return None
    return None


def left_over(turn: int, text: str, value: Any, look: Look) -> tuple[Piece, ...]:
    """What of an answer is not the value that was found in it: it may hold others."""
    if look.free or " " not in text.strip():
        return ()
    taken = take(((turn, text),), look)
    return taken.left if taken is not None and taken.value == value else ()


def pieces_of(inputs: Any, *, used_too: bool) -> list[Piece]:
    """What was said as the context keeps it: what no entity has used, or with ``used_too`` the first sentence whole."""
    if not isinstance(inputs, dict):
        return []
    original = inputs.get("originalInput")
    sentence, turn = (original.get("sentence"), original.get("turn")) if isinstance(original, dict) else (None, None)
    first = [(turn if isinstance(turn, int) else 0, sentence)] if isinstance(sentence, str) else []
    unused = inputs.get("unused")
    if not isinstance(unused, list):
        return first
    kept = [(piece[0], piece[1]) for piece in unused if _is_piece(piece)]
    return first + kept if used_too else kept


def _is_piece(piece: Any) -> bool:
    if not isinstance(piece, list | tuple) or len(piece) != len(("turn", "words")):
        return False
    return isinstance(piece[0], int) and isinstance(piece[1], str)


def stored(pieces: Iterable[Piece]) -> list[list[Any]]:
    return [[turn, text] for turn, text in pieces]


def _around(piece: Piece, span: Span) -> Iterator[Piece]:
    turn, text = piece
    for part in (text[: span.start], text[span.end :]):
        if any(map(str.isalnum, part)):
            yield turn, part


def _quoted(text: str) -> Iterator[tuple[Span, str]]:
    return ((Span(*match.span()), _inside(match)) for match in QUOTED.finditer(text))


def _inside(match: re.Match[str]) -> str:
    return next(filter(None, match.groups()), "")


def _after_colon(text: str) -> Iterator[tuple[Span, str]]:
    if match := AFTER_COLON.search(text):
        yield Span(match.start(), len(text)), text[match.end() :].strip()


def _clause_end(text: str, start: int) -> int:
    match = CLAUSE.search(text, start)
    return match.start() if match else len(text)


@lru_cache(maxsize=2048)
def _cue_pattern(labels: tuple[str, ...], cues: tuple[str, ...], *, free: bool) -> re.Pattern[str] | None:
    """Finds what leads to a value: the entity's own name with "is" or a colon, or one of the author's cues."""
    link = r"(?:\s*[:=]\s*|\s+is\s+)" if free else r"(?:\s*[:=]\s*|\s+is\s+|\s+)"
    named = [rf"(?:{_any(labels)}){link}"] if labels else []
    pointed = [rf"(?:{_any(cues)})(?:\s*:)?\s+"] if cues else []
    parts = named + pointed
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})", re.IGNORECASE) if parts else None


def _any(words: Iterable[str]) -> str:
    return "|".join(r"\s+".join(map(re.escape, word.split())) for word in sorted(words, key=len, reverse=True))
