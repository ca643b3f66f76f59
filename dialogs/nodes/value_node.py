# ruff: noqa: RUF009 -- `declare` makes a dataclass field

"""What an author can say about a value: its type, its rules, where it comes from, what of it may be seen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from .asking import AskingNode
from .base import in_words
from .fields import Conditions, Flag, Json, Number, OneOf, Prompts, Text, Texts, declare
from .masking import MODES, Mask
from .values import TYPES
from .values import extraction as earlier
from .values.base import Circumstances, ValueType
from .values.brought import files_of
from .values.choice import Choice, Choices, Menu
from .values.form import checked, prepared
from .values.source import ContextList, OperationLookup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogs.graph.conditions import Condition
    from xoplatform.core.templating import Template

    from .base import View
    from .values.base import Reading
    from .values.source import FromContext, Lookup
    from .wordings import Wordings


#: A code of ISO 3166-1 alpha-2.
COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueNode(AskingNode):
    """A node that asks for one value of a type."""

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
    extraction: str = declare(
        OneOf(
            title="Earlier words",
            help="Where a value may be found before it is asked for: in what no entity has used, in all that was said "
            "first, or nowhere.",
            options=("unused", "all", "none"),
            default="unused",
        )
    )
    cues: tuple[str, ...] = declare(
        Texts(
            title="Words before the value", help="Such as “in” or “project”, for a value in earlier words.", default=[]
        )
    )
    latest_only: bool = declare(Flag(title="Only the latest message", help="Earlier words count if just said."))
    keep_for_itself: bool = declare(
        Flag(title="Keep the answer to itself", help="What else it holds is not used for other entities.")
    )
    confirm_value: str = declare(
        OneOf(
            title="Confirm the value",
            help="“extracted” asks only about a value that was found in earlier words.",
            options=("never", "extracted", "always"),
            default="never",
        )
    )
    precondition: Condition | None = declare(
        Conditions(title="Only if", help="Where it does not hold, the entity is passed over.")
    )
    choices: tuple[Choice, ...] | None = declare(Choices(title="Choices", help="The items of a list."))
    choices_from: FromContext | None = declare(
        ContextList(title="Choices from the context", help="Where a list of items is, and how they are read.")
    )
    lookup: Lookup | None = declare(
        OperationLookup(title="Choices from an operation", help="Looked up with the person's own rights.")
    )
    display_choices: bool = declare(Flag(title="Offer the choices", help="As quick replies.", default=True))
    pattern: str | None = declare(Text(title="Pattern", help="A JavaScript regular expression for the whole value."))
    letter_case: str | None = declare(OneOf(title="Letters become", options=("upper", "lower")))
    minimum: float | None = declare(Number(title="Least value"))
    maximum: float | None = declare(Number(title="Greatest value"))
    max_length: int | None = declare(Number(title="Most characters", low=1, high=10_000, whole=True))
    strip_words: tuple[str, ...] = declare(
        Texts(title="Words to leave out", help="Taken off the beginning and end of an answer.", default=[])
    )
    digits_only: bool = declare(Flag(title="Digits only", help="All but the digits of an answer is left out."))
    least_digits: int | None = declare(Number(title="Least digits", low=0, high=18, whole=True))
    most_digits: int | None = declare(Number(title="Most digits", low=1, high=18, whole=True))
    keep_as_text: bool = declare(Flag(title="Keep digits as they are", help="With leading zeros: a number as a text."))
    country: str | None = declare(
        Text(title="Country", help="Two letters; for phone numbers and postal codes. Else the person's own.")
    )
    file_types: tuple[str, ...] = declare(
        Texts(title="Kinds of files", help="Such as image/*, application/pdf or .csv; empty takes all.", default=[])
    )
    end_prompts: Wordings | None = declare(
        Prompts(title="Prompts for the end", help="Asked when only the first day of a period was given.")
    )
    sensitive: bool = declare(Flag(title="Sensitive", help="Masked in logs and transcripts.", default=False))
    mask_pattern: str | None = declare(
        Text(title="What is sensitive", help="A regular expression; without one the whole message is masked.")
    )
    mask_mode: str = declare(OneOf(title="Masked by", options=MODES, default="redact"))
    mask_text: str | None = declare(Text(title="Put in its place", help="With “replace”."))

    reader: ValueType = field(init=False, repr=False, compare=False)
    #: What people call the value, and what stands before it in a sentence.
    labels: tuple[str, ...] = field(init=False, repr=False, compare=False, default=())
    pointers: tuple[str, ...] = field(init=False, repr=False, compare=False, default=())
    takes_anything: bool = field(init=False, repr=False, compare=False, default=False)

    def __post_init__(self) -> None:
        AskingNode.__post_init__(self)
        # An unknown type has its own complaint; the reader only has to exist.
        reader = TYPES.get(self.type, ValueType)(self)
        takes_anything = reader.any_text and not self.pattern
        named = earlier.NAMED if takes_anything and self.type == "string" else ()
        labels = tuple(dict.fromkeys((self.called_by_people.casefold(), in_words(self.name))))
        prepared = {"reader": reader, "labels": labels, "pointers": (*self.cues, *named)}
        for name, value in {**prepared, "takes_anything": takes_anything}.items():
            object.__setattr__(self, name, value)

    def complaints(self) -> Iterator[tuple[str, str]]:
        yield from AskingNode.complaints(self)
        yield from TYPES[self.type].complaints(self)
        if sum(source is not None for source in (self.choices, self.choices_from, self.lookup)) > 1:
            yield "choices", "come from one place only: written here, from the context, or from an operation"
        if self.country is not None and not COUNTRY.fullmatch(self.country):
            yield "country", f"must be two capital letters such as DE, not “{self.country}”"
        if self.least_digits is not None and self.most_digits is not None and self.least_digits > self.most_digits:
            yield "least_digits", "must not be more than the most digits"
        if self.has_own_choices and self.type != "list":
            yield "type", "must be “list” where the choices come from elsewhere"

    def calls(self) -> Iterator[tuple[str, str]]:
        if self.lookup is not None:
            yield self.lookup.provider, self.lookup.operation

    @property
    def has_own_choices(self) -> bool:
        """Whether the items of a list come while it runs: from the context, or looked up."""
        return self.choices_from is not None or self.lookup is not None

    @property
    def must_ask(self) -> bool:
        return self.requirement != "hidden"

    @property
    def mask(self) -> Mask | None:
        """How its value is hidden where people read; None where it may be seen."""
        return Mask(self.mask_pattern, self.mask_mode, self.mask_text or "") if self.sensitive else None

    def around(self, view: View, menu: Menu | None) -> Circumstances:
        return Circumstances(view.now, view.scripts, view.person, menu, view.files or self.brought(view))

    def brought(self, view: View) -> Sequence[Mapping[str, Any]]:
        """Files that came with earlier messages and may be looked through."""
        if not self.reader.of_files or self.extraction == "none":
            return ()
        files = files_of(view.value("userInputs"))
        return [file for file in files if file.get("turn") == view.turns] if self.latest_only else files

    def read(self, text: str, around: Circumstances) -> Reading:
        """What a text means by the type and the author's rules."""
        return checked(self.reader.read(prepared(text, self), around), self)

    def look(self, view: View, menu: Menu | None) -> earlier.Look:
        """How this value is looked for in what was said before."""
        around = self.around(view, menu)
        return earlier.Look(
            read=lambda text: self.read(text, around),
            spots=lambda text: self.reader.spots(text, around),
            labels=self.labels,
            cues=self.pointers,
            free=self.takes_anything,
            any_text=self.reader.any_text,
            familiar=view.familiar,
        )

    def pieces(self, view: View) -> list[earlier.Piece]:
        """What was said before and may be looked through."""
        if self.extraction == "none":
            return []
        pieces = earlier.pieces_of(view.value("userInputs"), used_too=self.extraction == "all")
        return [piece for piece in pieces if piece[0] == view.turns] if self.latest_only else pieces
