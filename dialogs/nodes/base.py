"""What every node kind has: its declared properties, and steps that return a value and touch nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal
from zlib import crc32

from xoplatform.core.templating import MISSING, READER, Template, lookup

from .fields import specs_of
from .person import Person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from dialogs.graph.conditions import Condition
    from xoplatform.core.templating import Path

    from .effects import Awaited, Event, Opening, OperationResult, ScriptResult, ScriptRunner
    from .steps import Step
    from .wordings import Wordings


#: Knuth's multiplicative hash, 2**32 divided by the golden ratio.
SPREAD: Final = 2654435761


class WrongStepError(RuntimeError):
    """The engine asked a node for a step that its kind does not have."""


def in_words(name: str) -> str:
    """A name as people would say it: `projectKey` is "project key"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_+", " ", name).lower()


@dataclass(frozen=True, slots=True)
class View:
    """What a step may look at."""

    context: Mapping[str, Any]
    now: datetime
    scripts: ScriptRunner
    turns: int = 0
    retries: int = 0
    offered: tuple[str, ...] = ()
    person: Person = field(default_factory=Person)
    #: What the node's own last step handed on to this one: with `Ask`, `Call`, `Run` or `AwaitAuthorization`.
    handed: Any = None
    #: What this node waits for, if it waits for something from outside.
    awaited: Awaited | None = None
    #: Words by which people ask for this task: by themselves they are no values.
    familiar: frozenset[str] = frozenset()
    #: What came with the message: {name, content_type, size, url or id} each.
    files: tuple[Mapping[str, Any], ...] = ()

    @property
    def variables(self) -> dict[str, Any]:
        """What templates see: the context, with the session's scopes also under their short names."""
        session = self.context.get("session")
        return {"context": {**session, **self.context} if session else self.context, READER: self.person}

    def with_values(self, changes: Mapping[Path, Any]) -> View:
        """What it will be once these values are set: for words that name what has just come."""
        context: dict[str, Any] = {**self.context}
        for path, value in changes.items():
            below = context
            for step in path[:-1]:
                below[str(step)] = {**(below.get(str(step)) or {})}
                below = below[str(step)]
            below[str(path[-1])] = value
        return replace(self, context=context)

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
    #: Where the palette of the canvas offers it: nodes that tell, that ask, that do.
    group: ClassVar[Literal["inform", "ask", "action"]] = "action"
    #: The properties of a new one.
    starter: ClassVar[Mapping[str, Any]] = {}

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

    def opened(self, opening: Opening, view: View) -> Step:
        """The wait this node had opened is open, or is not."""
        raise WrongStepError(self.kind)

    def happened(self, event: Event, view: View) -> Step:
        """What this node waited for came, or will not come."""
        raise WrongStepError(self.kind)

    def told(self, result: OperationResult, view: View) -> Step:
        """The person's words were passed on, or were not."""
        raise WrongStepError(self.kind)

    def returned(self, result: Mapping[str, Any], view: View) -> Step:
        """The dialog task this node had started is complete; ``result`` is its context as it ended."""
        raise WrongStepError(self.kind)

    @property
    def called_by_people(self) -> str:
        """The title, or the name in words."""
        return self.title or in_words(self.name)

    def pick(self, wordings: Wordings, view: View) -> str:
        """One of several wordings for this person: another one each time, the same one in a repeated run."""
        variants = wordings.of(view.person)
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

    def calls(self) -> Iterator[tuple[str, str]]:
        """The operations that it calls, as (provider, operation)."""
        return iter(())

    def conditions(self) -> Iterator[tuple[str, Condition]]:
        """Every condition of the node itself with its property."""
        return iter(())

    def assigns(self) -> Iterator[Path]:
        """The paths of the context that the node fills by its properties."""
        return iter(())
