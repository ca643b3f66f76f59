"""How an answer becomes a value of an entity's type. A reader never guesses silently: it finds, refuses or asks.

Every reader takes bounded time by construction: it looks at `LONGEST` characters at most (a text type at all of them),
and its patterns have no nested or adjacent open-ended repetitions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

from dialogs.nodes.person import Person
from xoplatform.core.templating import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from dialogs.nodes.effects import ScriptRunner
    from xoplatform.core.templating import Template

    from .choice import Choice, Menu

#: Characters of an answer that a reader of anything but plain text looks at.
LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Found:
    value: Any


@dataclass(frozen=True, slots=True)
class Unfit:
    """``reason`` is a sentence for the person."""

    reason: str


@dataclass(frozen=True, slots=True)
class Several:
    """What the answer may mean, as (title, the words that mean just that)."""

    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The first half of a value that takes two answers: a small text to go on from (see `ValueType.complete`)."""

    value: str


Reading = Found | Unfit | Several | Part


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text that holds a value: ``text[start:end]``."""

    start: int
    end: int


class Rules(Protocol):
    """What an entity says about its values. Each type looks at what concerns it."""

    @property
    def pattern(self) -> str | None: ...
    @property
    def choices(self) -> tuple[Choice, ...] | None: ...
    @property
    def minimum(self) -> float | None: ...
    @property
    def maximum(self) -> float | None: ...
    @property
    def max_length(self) -> int | None: ...
    @property
    def letter_case(self) -> str | None: ...
    @property
    def default(self) -> Template | None: ...
    @property
    def country(self) -> str | None: ...
    @property
    def keep_as_text(self) -> bool: ...
    @property
    def file_types(self) -> tuple[str, ...]: ...
    @property
    def has_own_choices(self) -> bool:
        """Whether the items of a list come while it runs: from the context, or looked up."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a reader may need besides the answer.

    ``menu`` are the items of a list that came while it runs; ``files`` came with the message.
    """

    now: datetime
    scripts: ScriptRunner
    person: Person = field(default_factory=Person)
    menu: Menu | None = None
    files: Sequence[Mapping[str, Any]] = ()

    @property
    def local_now(self) -> datetime:
        """The time on the person's clock."""
        return self.person.local(self.now)


class ValueType:
    """One type of entity; prepared once for an entity's rules, then shared by all conversations."""

    name: ClassVar[str] = ""
    #: Whether any text will do, so that earlier words are only taken where their form says that they are meant.
    any_text: ClassVar[bool] = False
    #: Whether its values are files, which come beside the words.
    of_files: ClassVar[bool] = False
    #: The properties of an entity that concern values of this type.
    rules_used: ClassVar[tuple[str, ...]] = ()

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    @classmethod
    def complaints(cls, rules: Rules) -> Iterator[tuple[str, str]]:  # noqa: ARG003 -- most types need no rule
        """Rules that the type cannot work with, as (property, half a sentence)."""
        return iter(())

    def read(self, text: str, around: Circumstances) -> Reading:
        """What ``text`` means as a value of this type."""
        raise NotImplementedError

    def complete(self, part: str, text: str, around: Circumstances) -> Reading:
        """What ``text`` means after a first answer that was a `Part`."""
        return self.read(text, around)

    def spots(self, text: str, around: Circumstances) -> Iterable[Span]:
        """Where a sentence about anything certainly holds a value of this type; the longest of those at one place."""
        return ()

    def said(self, value: Any, person: Person) -> str:
        """A value as it is said to this person."""
        return as_text(value)

    def options(self) -> tuple[tuple[str, str], ...]:
        """What there is to choose from, as (title, the words that choose it)."""
        return ()


def shortened(text: str, most: int = 60) -> str:
    """A person's words, short enough to say back."""
    line = " ".join(text[: most * 4].split())
    return line if len(line) <= most else line[: most - 1] + "…"
