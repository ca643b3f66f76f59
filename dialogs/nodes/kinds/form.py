# ruff: noqa: RUF009 -- `declare` makes a dataclass field

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from dialogs.graph.model import END
from dialogs.nodes import phrases
from dialogs.nodes.base import NodeKind
from dialogs.nodes.effects import WaitRequest
from dialogs.nodes.fields import NodeName, Number, Phrases, Prompts, declare
from dialogs.nodes.kinds.form_fields import Field, FormFields
from dialogs.nodes.saying import say
from dialogs.nodes.steps import AwaitEvent, Cancel, Fail, GoTo, OpenWait, Proceed, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.nodes.base import View
    from dialogs.nodes.effects import Awaited, Event, Opening
    from dialogs.nodes.steps import Step
    from dialogs.nodes.wordings import ByLanguage, Wordings
    from xoplatform.core.templating import Path

MINUTES_OF_A_DAY = 24 * 60
#: On the button, unless the author says otherwise.
SEND = "Send"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(NodeKind):
    """A page for several values at once. The person gets a link to it, and the dialog goes on when it is sent."""

    kind: ClassVar[str] = "form"
    group: ClassVar[Literal["inform", "ask", "action"]] = "ask"
    starter: ClassVar[Mapping[str, Any]] = {"fields": [{"name": "summary", "title": "What is it about?"}]}

    fields: tuple[Field, ...] = declare(
        FormFields(title="Fields", help="Each has a name and the properties of an entity.", required=True)
    )
    intro: Wordings | None = declare(
        Prompts(title="Introduction", help="Shown above the fields; {{context…}} is filled in.")
    )
    submit_label: ByLanguage = declare(Phrases(title="Button", help="What the button of the page says.", default=SEND))
    prompts: Wordings | None = declare(
        Prompts(title="Said with the link", help="One of them is said; the link follows it.")
    )
    submit_prompts: Wordings | None = declare(
        Prompts(title="Said after it was sent", help="One of them is said instead of a plain thank-you; [] is silent.")
    )
    wait_minutes: float = declare(
        Number(title="The link works for", help="In minutes.", default=60, low=1, high=MINUTES_OF_A_DAY)
    )
    on_cancel: str = declare(NodeName(title="When the person cancels", help="“@end” ends the task.", default=END))
    on_timeout: str | None = declare(
        NodeName(title="When it is not sent in time", help="Else the task ends with a message.")
    )

    @property
    def sensitive(self) -> bool:
        return any(field.entity.sensitive for field in self.fields)

    def enter(self, view: View) -> Step:
        return OpenWait(request=WaitRequest(self.name, "form", self.wait_minutes * 60))

    def opened(self, opening: Opening, view: View) -> Step:
        if opening.awaited is None:
            return Fail(message=phrases.no_form(self.called_by_people), error=f"The form {self.name} was not opened.")
        words = self.pick(self.prompts, view) if self.prompts else phrases.fill_in(self.called_by_people)
        return self._wait(opening.awaited, words, view)

    def answer(self, text: str, view: View) -> Step:
        if view.awaited is None:
            return Cancel()
        return self._wait(view.awaited, phrases.still_waiting_for_form(self.called_by_people), view)

    def happened(self, event: Event, view: View) -> Step:
        if event.kind == "arrived":
            return self._submitted(event.data, view)
        if event.kind == "canceled":
            changes = self._outcome("canceled")
            return (
                Cancel() if self.on_cancel == END else GoTo(target=self.on_cancel, changes=changes, reason="canceled")
            )
        changes, message = self._outcome("expired"), phrases.form_expired(self.called_by_people)
        if self.on_timeout:
            return GoTo(target=self.on_timeout, changes=changes, reason="expired", replies=(Reply(message),))
        return Fail(message=message, changes=changes, error=f"The form {self.name} was not sent in time.")

    def assigns(self) -> Iterator[Path]:
        yield (self.name, "outcome")
        yield (self.name, "values")
        for field in self.fields:
            yield ("entities", field.name)

    def _submitted(self, values: Any, view: View) -> Step:
        sent = values if isinstance(values, dict) else {}
        given = {field.name: sent.get(field.name) for field in self.fields}
        changes: dict[Path, Any] = {("entities", name): value for name, value in given.items()}
        changes |= self._outcome("submitted") | {(self.name, "values"): given}
        # The words may name what was just filled in.
        words = self._thanks(view.with_values(changes))
        return Proceed(changes=changes, replies=(Reply(words),) if words else ())

    def _thanks(self, view: View) -> str:
        if self.submit_prompts is None:
            return phrases.form_received(self.called_by_people)
        return self.pick(self.submit_prompts, view) if self.submit_prompts else ""

    def button(self, view: View) -> str:
        """What the button of the page says to this person; what nobody changed is said in their language."""
        label = next(iter(self.submit_label.of(view.person)), SEND)
        return say("Send") if label == SEND else str(label)

    def introduction(self, view: View) -> str:
        """What stands above the fields for this person."""
        return self.pick(self.intro, view) if self.intro else ""

    def _outcome(self, outcome: str) -> dict[Path, Any]:
        return {(self.name, "outcome"): outcome}

    def _wait(self, awaited: Awaited, words: str, view: View) -> AwaitEvent:
        minutes = int((awaited.expires_at - view.now).total_seconds() // 60)
        data = {"type": "form", "url": awaited.url, "expires_at": awaited.expires_at.isoformat(), "title": self.title}
        text = phrases.form_link(words, awaited.url, minutes)
        return AwaitEvent(awaited=awaited, replies=(Reply(text, ((say("Cancel"), "cancel"),), data),))
