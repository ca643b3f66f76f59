from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dialogs.nodes import phrases
from dialogs.nodes.asking import AskingNode
from dialogs.nodes.fields import Texts, declare
from dialogs.nodes.steps import Proceed
from dialogs.nodes.words import yes_or_no

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.base import View
    from dialogs.nodes.steps import Step
    from xoplatform.core.templating import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation(AskingNode):
    """A yes-or-no question. An answer that is neither is asked again, never taken for one of the two."""

    kind: ClassVar[str] = "confirmation"

    # YAML 1.1 reads the bare keys as true and false; see `registry.spelled`.
    yes: tuple[str, ...] = declare(Texts(title="Also yes", help="Further words for yes.", default=[]))
    no: tuple[str, ...] = declare(Texts(title="Also no", help="Further words for no.", default=[]))

    def enter(self, view: View) -> Step:
        return self.ask(view)

    def answer(self, text: str, view: View) -> Step:
        verdict = yes_or_no(text, self.yes, self.no)
        if verdict == "unsure":
            return self.ask_again(phrases.unclear_yes_or_no(), view)
        return Proceed(changes={("confirmations", self.name): verdict})

    def offers(self, view: View) -> tuple[tuple[str, str], ...]:
        return phrases.yes_and_no()

    def assigns(self) -> Iterator[Path]:
        yield ("confirmations", self.name)
