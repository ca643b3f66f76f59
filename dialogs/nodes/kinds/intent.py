from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dialogs.nodes.base import NodeKind
from dialogs.nodes.fields import Flag, Texts, declare
from dialogs.nodes.steps import CheckAuthorization, Proceed

if TYPE_CHECKING:
    from dialogs.nodes.base import View
    from dialogs.nodes.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent(NodeKind):
    """What a person wants, in the words people use for it. The root of a dialog task; later ones are passed through."""

    kind: ClassVar[str] = "intent"

    utterances: tuple[str, ...] = declare(
        Texts(title="Utterances", help="What people say when they want this.", default=[])
    )
    authorize_first: bool = declare(
        Flag(
            title="Check authorization at the start",
            help="A person who has not authorized gets the link before the first question, not before the first call.",
        )
    )

    def enter(self, view: View) -> Step:
        return CheckAuthorization() if self.authorize_first else Proceed()
