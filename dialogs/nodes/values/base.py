"""How an answer becomes a value of an entity's type. A reader never guesses silently: it finds, refuses or asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dialogs.nodes.effects import ScriptRunner
    from xoplatform.core.templating import Template

    from .choice import Choice


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


Reading = Found | Unfit | Several


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


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a reader may need besides the answer."""

    now: datetime
    scripts: ScriptRunner


class ValueType:
    """One type of entity; prepared once for an entity's rules, then shared by all conversations."""

    name: ClassVar[str] = ""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    @classmethod
    def complaints(cls, rules: Rules) -> Iterator[tuple[str, str]]:  # noqa: ARG003 -- most types need no rule
        """Rules that the type cannot work with, as (property, half a sentence)."""
        return iter(())

    def read(self, text: str, around: Circumstances) -> Reading:
        """What ``text`` means as a value of this type."""
        raise NotImplementedError

    def options(self) -> tuple[tuple[str, str], ...]:
        """What there is to choose from, as (title, the words that choose it)."""
        return ()
