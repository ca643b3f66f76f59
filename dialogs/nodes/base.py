"""What every node kind has: its declared properties, and steps that return a value and touch nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final
from zlib import crc32

from xoplatform.core.templating import MISSING, Template, lookup

from .fields import specs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from xoplatform.core.templating import Path

    from .effects import OperationResult, ScriptResult, ScriptRunner
    from .steps import Step


#: Knuth's multiplicative hash, 2**32 divided by the golden ratio.
SPREAD: Final = 2654435761


class WrongStepError(RuntimeError):
    """The engine asked a node for a step that its kind does not have."""


@dataclass(frozen=True, slots=True)
class View:
    """What a step may look at."""

    context: Mapping[str, Any]
    now: datetime
    scripts: ScriptRunner
    turns: int = 0
    retries: int = 0
    offered: tuple[str, ...] = ()

    @property
    def variables(self) -> dict[str, Any]:
        """What templates see: the context, with the session's scopes also under their short names."""
        session = self.context.get("session")
        return {"context": {**session, **self.context} if session else self.context}

    def value(self, *path: str) -> Any:
        """What stands in the context at a path, or None."""
        value = lookup(path, self.context)
        return None if value is MISSING else value


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeKind:
    """A node ready to run. One subclass, in a file of its own, per kind."""

    kind: ClassVar[str] = ""
    #: Whether it may stand inside a bot action, where nothing is said or asked.
    silent: ClassVar[bool] = False

    name: str
    title: str = ""
    parent: str | None = None
    seed: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", crc32(self.name.encode()))

    def complaints(self) -> Iterator[tuple[str, str]]:
        """What is wrong between properties that are fine each alone, as (property, half a sentence)."""
        return iter(())

    def enter(self, view: View) -> Step:
        """The conversation arrives here."""
        raise NotImplementedError

    def answer(self, text: str, view: View) -> Step:
        """The person answered what this node asked."""
        raise WrongStepError(self.kind)

    def called(self, result: OperationResult, view: View) -> Step:
        """The operation this node had called has an outcome."""
        raise WrongStepError(self.kind)

    def ran(self, result: ScriptResult, view: View) -> Step:
        """The script this node had run is over."""
        raise WrongStepError(self.kind)

    @property
    def called_by_people(self) -> str:
        """The title, or the name in words: `projectKey` is "project key"."""
        return self.title or re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_+", " ", self.name).lower()

    def pick(self, variants: Sequence[Template], view: View) -> str:
        """One of several wordings: another one each time, the same one in a repeated run."""
        # Multiplied, so that a dialog whose length divides the number of wordings does not always meet the same one.
        chosen = ((self.seed + view.turns) * SPREAD >> 16) % len(variants)
        return variants[chosen].text(view.variables)

    def templates(self) -> Iterator[tuple[str, Template]]:
        """Every template of the node with its property."""
        for name, spec in specs_of(type(self)).items():
            for template in spec.templates(getattr(self, name)):
                yield name, template

    def scripts(self) -> Iterator[tuple[str, str]]:
        """Every script of the node with its property."""
        for name, spec in specs_of(type(self)).items():
            for code in spec.scripts(getattr(self, name)):
                yield name, code

    def targets(self) -> Iterator[tuple[str, str]]:
        """Every node, or "@end", that a property names as a place to go on."""
        for name, spec in specs_of(type(self)).items():
            for target in spec.targets(getattr(self, name)):
                yield name, target

    def assigns(self) -> Iterator[Path]:
        """The paths of the context that the node fills by its properties."""
        return iter(())
