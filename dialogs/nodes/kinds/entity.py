# ruff: noqa: RUF009 -- `declare` makes a dataclass field

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from dialogs.nodes import phrases
from dialogs.nodes.asking import AskingNode
from dialogs.nodes.fields import Flag, Json, Number, OneOf, Text, declare
from dialogs.nodes.steps import Ask, Proceed, Reply
from dialogs.nodes.values import TYPES
from dialogs.nodes.values.base import Circumstances, Found, Several, Unfit, ValueType
from dialogs.nodes.values.choice import Choice, Choices
from dialogs.nodes.words import SKIP, plain, position, yes_or_no

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.base import View
    from dialogs.nodes.steps import Step
    from dialogs.nodes.values.base import Reading
    from xoplatform.core.templating import Path, Template

MOST_QUICK_REPLIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(AskingNode):
    """A value that the person gives. It is asked for unless it is there already; only a value of its type is kept."""

    kind: ClassVar[str] = "entity"

    type: str = declare(OneOf(title="Type", options=tuple(TYPES), default="string"))
    requirement: str = declare(
        OneOf(
            title="Requirement",
            help="Optional asks once and goes on; hidden never asks.",
            options=("mandatory", "optional", "hidden"),
            default="mandatory",
        )
    )
    default: Template | None = declare(Json(title="Default", help="Taken where nothing usable was given."))
    choices: tuple[Choice, ...] | None = declare(Choices(title="Choices", help="The items of a list."))
    display_choices: bool = declare(Flag(title="Offer the choices", help="As quick replies.", default=True))
    pattern: str | None = declare(Text(title="Pattern", help="A JavaScript regular expression for the whole value."))
    letter_case: str | None = declare(OneOf(title="Letters become", options=("upper", "lower")))
    minimum: float | None = declare(Number(title="Least value"))
    maximum: float | None = declare(Number(title="Greatest value"))
    max_length: int | None = declare(Number(title="Most characters", low=1, high=10_000, whole=True))
    sensitive: bool = declare(Flag(title="Sensitive", help="Masked in logs and transcripts.", default=False))

    reader: ValueType = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        AskingNode.__post_init__(self)
        # An unknown type has its own complaint; the reader only has to exist.
        object.__setattr__(self, "reader", TYPES.get(self.type, ValueType)(self))

    def complaints(self) -> Iterator[tuple[str, str]]:
        yield from AskingNode.complaints(self)
        yield from TYPES[self.type].complaints(self)

    @property
    def must_ask(self) -> bool:
        return self.requirement != "hidden"

    def enter(self, view: View) -> Step:
        if view.value("entities", self.name) is not None:
            return Proceed()
        return self.ask(view) if self.must_ask else self._without(view)

    def answer(self, text: str, view: View) -> Step:
        if self.requirement == "optional" and plain(text) in SKIP | {"", text.strip() and "-"}:
            return self._without(view)
        reading = self._read(text, view)
        if isinstance(reading, Found):
            return Proceed(changes={("entities", self.name): reading.value})
        if isinstance(reading, Several):
            return self._which(reading, view)
        if self.requirement == "optional":
            return self._without(view, phrases.going_on_without(self.called_by_people, reading.reason))
        return self.ask_again(reading.reason, view)

    def quick_replies(self) -> tuple[tuple[str, str], ...]:
        options = self.reader.options() if self.display_choices else ()
        return options if len(options) <= MOST_QUICK_REPLIES else ()

    def assigns(self) -> Iterator[Path]:
        yield ("entities", self.name)

    def _read(self, text: str, view: View) -> Reading:
        around = Circumstances(view.now, view.scripts)
        if view.offered:
            number = position(text)
            if number and number > len(view.offered):
                return Unfit("That is none of those.")
            if chosen := _chosen(number, text, view.offered):
                return self.reader.read(chosen, around)
        return self.reader.read(text, around)

    def _which(self, reading: Several, view: View) -> Step:
        if view.retries >= self.retries:
            return self.give_up()
        question = phrases.did_you_mean([title for title, _ in reading.options])
        offered = tuple(words for _, words in reading.options)
        return Ask(replies=(Reply(question, reading.options),), retries=view.retries + 1, offered=offered)

    def _without(self, view: View, notice: str = "") -> Step:
        value: Any = self.default.render(view.variables) if self.default else None
        return Proceed(replies=(Reply(notice),) if notice else (), changes={("entities", self.name): value})


def _chosen(number: int | None, text: str, offered: tuple[str, ...]) -> str | None:
    """Which of the offered ones an answer means by its number, or by a yes to the only one."""
    if number:
        return offered[number - 1]
    return offered[0] if len(offered) == 1 and yes_or_no(text) == "yes" else None
