"""What entity and confirmation share: a question, its wordings, and an end to asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogs.graph.model import END

from . import phrases
from .base import NodeKind
from .fields import NodeName, Number, Prompts, declare
from .steps import Ask, Fail, GoTo, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xoplatform.core.templating import Template

    from .base import View
    from .steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingNode(NodeKind):
    """A node that waits for an answer, and asks again as often as its retries allow."""

    prompts: tuple[Template, ...] | None = declare(
        Prompts(title="Prompts", help="One of them is asked; {{context…}} is filled in.")
    )
    error_prompts: tuple[Template, ...] | None = declare(
        Prompts(title="Error prompts", help="In the order of the retries; the last one is repeated.")
    )
    retries: int = declare(
        Number(
            title="Allowed retries",
            help="How often an answer that will not do is asked again.",
            default=5,
            low=1,
            high=10,
            whole=True,
        )
    )
    on_retries_exceeded: str = declare(
        NodeName(title="After the last retry", help="“@end” ends the task.", default=END)
    )

    def complaints(self) -> Iterator[tuple[str, str]]:
        if not self.prompts and self.must_ask:
            yield "prompts", "is missing; there is nothing to ask with"

    @property
    def must_ask(self) -> bool:
        return True

    def quick_replies(self) -> tuple[tuple[str, str], ...]:
        return ()

    def ask(self, view: View) -> Ask:
        return Ask(replies=(Reply(self.question(view), self.quick_replies()),))

    def question(self, view: View) -> str:
        return self.pick(self.prompts, view) if self.prompts else self.called_by_people

    def ask_again(self, reason: str, view: View) -> Step:
        """The error prompt of this retry, or ``reason`` and the question; after the last retry, the way out."""
        retries = view.retries + 1
        if retries > self.retries:
            return self.give_up()
        text = f"{reason} {self.question(view)}"
        if self.error_prompts:
            prompt = self.error_prompts[min(retries, len(self.error_prompts)) - 1]
            text = prompt.text(view.variables)
        return Ask(replies=(Reply(text, self.quick_replies()),), retries=retries)

    def give_up(self) -> Step:
        if self.on_retries_exceeded != END:
            return GoTo(target=self.on_retries_exceeded, reason="retries exceeded")
        message = phrases.too_many_tries(self.called_by_people)
        return Fail(message=message, error=f"{self.name} got no usable answer in {self.retries + 1} tries.")
