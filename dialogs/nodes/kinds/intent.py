# ruff: noqa: RUF009 -- `declare` makes a dataclass field

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from dialogs.nodes.base import NodeKind
from dialogs.nodes.fields import FieldError, Flag, Phrases, Spec, Texts, declare
from dialogs.nodes.steps import CheckAuthorization, Proceed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dialogs.nodes.base import View
    from dialogs.nodes.steps import Step
    from dialogs.nodes.wordings import ByLanguage


#: Utterances of one intent, with those that synonyms make of them.
MOST_SPOKEN: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonyms(Spec):
    """Words with others that mean the same."""

    json_type: ClassVar[str] = "object"

    def read(self, value: Any) -> dict[str, tuple[str, ...]]:
        if not isinstance(value, dict):
            raise FieldError("must be a mapping of words to lists of words")
        return {str(word): Texts(title=self.title).read(others) for word, others in value.items()}

    def schema(self) -> dict[str, Any]:
        return Spec.schema(self) | {"additionalProperties": {"type": "array", "items": {"type": "string"}}}


def _varied(text: str, word: str, others: Iterable[str]) -> Iterator[str]:
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    if pattern.search(text):
        for other in others:
            yield pattern.sub(other.replace("\\", r"\\"), text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent(NodeKind):
    """What a person wants, in the words people use for it. The root of a dialog task; later ones are passed through."""

    kind: ClassVar[str] = "intent"
    group: ClassVar[Literal["inform", "ask", "action"]] = "ask"

    utterances: ByLanguage = declare(
        Phrases(
            title="Utterances", help="What people say when they want this; a list, or lists by language.", default=[]
        )
    )
    synonyms: Mapping[str, tuple[str, ...]] = declare(
        Synonyms(title="Synonyms", help="Words of the utterances, with others that mean the same here.", default={})
    )
    authorize_first: bool = declare(
        Flag(
            title="Check authorization at the start",
            help="A person who has not authorized gets the link before the first question, not before the first call.",
        )
    )

    def spoken(self) -> Iterator[tuple[str, str]]:
        """Every utterance with its language, and with each synonym in place of its word: at most `MOST_SPOKEN`."""
        listed = list(self.utterances.languages())
        varied = (
            (language, varied)
            for language, text in listed
            for word, others in self.synonyms.items()
            for varied in _varied(text, word, others)
        )
        return islice(chain(listed, varied), MOST_SPOKEN)

    def enter(self, view: View) -> Step:
        return CheckAuthorization() if self.authorize_first else Proceed()
