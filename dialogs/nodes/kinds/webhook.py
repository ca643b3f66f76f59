# ruff: noqa: RUF009 -- `declare` makes a dataclass field

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from dialogs.nodes import phrases
from dialogs.nodes.address import Address, AddressField
from dialogs.nodes.base import NodeKind
from dialogs.nodes.effects import WaitRequest
from dialogs.nodes.fields import Json, NodeName, Number, Prompts, declare
from dialogs.nodes.steps import AwaitEvent, Cancel, Fail, GoTo, OpenWait, Proceed, Reply
from xoplatform.core.templating import UnsafeUrlPart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.nodes.base import View
    from dialogs.nodes.effects import Awaited, Event, Opening, OperationResult
    from dialogs.nodes.steps import Step
    from dialogs.nodes.wordings import Wordings
    from xoplatform.core.templating import Path, Template

MINUTES_OF_A_DAY = 24 * 60
#: HTTP statuses that are no refusal.
OK = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook(NodeKind):
    """A signed call to a system of the author's, which answers at once or later through a callback."""

    kind: ClassVar[str] = "webhook"
    silent: ClassVar[bool] = True
    starter: ClassVar[Mapping[str, Any]] = {"url": "https://example.com/hook"}

    url: Address = declare(
        AddressField(title="Address", help="Gets a signed POST. {{context…}} may stand behind the host.", required=True)
    )
    body: Template | None = declare(Json(title="Data", help="JSON; {{context…}} is filled in as data."))
    timeout: float = declare(Number(title="Time limit of the call", help="In seconds.", default=20, low=1, high=60))
    wait_minutes: float = declare(
        Number(
            title="Wait for the callback",
            help="In minutes, where the call was answered with 202.",
            default=10,
            low=1,
            high=MINUTES_OF_A_DAY,
        )
    )
    waiting_texts: Wordings | None = declare(
        Prompts(title="Said while it waits", help="One of them is said when the waiting begins.")
    )
    on_timeout: str | None = declare(
        NodeName(title="When the callback does not come", help="Else the task ends with a message.")
    )
    on_failure: str | None = declare(
        NodeName(title="On failure", help="When the call failed or was refused; else the task ends with a message.")
    )

    def enter(self, view: View) -> Step:
        try:
            url = self.url.fill(view.variables)
        except UnsafeUrlPart as error:
            return self._failed(_response("refused", message=error.message))
        body = None if self.body is None else self.body.render(view.variables)
        data = {"url": url, "body": body, "timeout": self.timeout}
        return OpenWait(request=WaitRequest(self.name, "webhook", self.wait_minutes * 60, data))

    def opened(self, opening: Opening, view: View) -> Step:
        if opening.awaited is not None:
            return self._wait(opening.awaited, self._opening_words(view))
        result = opening.result
        if result is None:
            return self._failed(_response("refused"))
        answered = _response(result.outcome, result.status_code, result.body, result.message)
        return Proceed(changes=self._changes(answered)) if _is_fine(result) else self._failed(answered)

    def answer(self, text: str, view: View) -> Step:
        if view.awaited is None:
            return Cancel()
        return self._wait(view.awaited, phrases.still_waiting_for(self.called_by_people))

    def happened(self, event: Event, view: View) -> Step:
        if event.kind == "canceled":
            return Cancel()
        if event.kind == "arrived":
            return Proceed(changes=self._changes(_response("answered", OK.start, event.data)))
        late = _response("timed_out", message=phrases.no_callback(self.called_by_people))
        return self._failed(late, self.on_timeout)

    def assigns(self) -> Iterator[Path]:
        yield (self.name, "response")

    def _opening_words(self, view: View) -> str:
        if self.waiting_texts:
            return self.pick(self.waiting_texts, view)
        return phrases.waiting_for(self.called_by_people)

    def _wait(self, awaited: Awaited, words: str) -> AwaitEvent:
        return AwaitEvent(awaited=awaited, replies=(Reply(words, (("Cancel", "cancel"),)),))

    def _failed(self, response: dict[str, Any], target: str | None = None) -> Step:
        changes, outcome = self._changes(response), response["outcome"]
        if way := target or self.on_failure:
            return GoTo(target=way, changes=changes, reason=outcome)
        message = response["message"] or phrases.webhook_failed(outcome, self.called_by_people)
        return Fail(message=message, changes=changes, error=f"The call of {self.name} failed ({outcome}).")

    def _changes(self, response: dict[str, Any]) -> dict[Path, Any]:
        return {(self.name, "response"): response}


def _is_fine(result: OperationResult) -> bool:
    return result.outcome == "answered" and result.status_code in OK


def _response(outcome: str, status: int | None = None, body: Any = None, message: str = "") -> dict[str, Any]:
    """As a service node has it, so that authors learn one form."""
    return {"statusCode": status, "body": body, "outcome": outcome, "message": message}
