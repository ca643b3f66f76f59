# ruff: noqa: RUF009 -- `declare` makes a dataclass field

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from dialogs.graph.model import END
from dialogs.nodes import phrases
from dialogs.nodes.base import NodeKind
from dialogs.nodes.effects import WaitRequest
from dialogs.nodes.fields import Json, NodeName, Number, Prompts, declare
from dialogs.nodes.steps import AwaitEvent, Cancel, Fail, GoTo, OpenWait, Proceed, Reply, Tell
from dialogs.nodes.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.base import View
    from dialogs.nodes.effects import Event, Opening, OperationResult
    from dialogs.nodes.steps import Step
    from dialogs.nodes.wordings import Wordings
    from xoplatform.core.templating import Path, Template

MINUTES_OF_A_DAY = 24 * 60
#: A message of nothing but these leaves the agent. Fewer than what ends a task: "stop" may be meant for the agent.
LEAVE: Final = frozenset(
    {"exit", "quit", "cancel", "end chat", "leave", "leave chat", "leave the chat"} | {"beenden", "quitter", "salir"}
)
OK: Final = range(200, 300)
#: The desk knows of no such conversation any more (RFC 9110 sections 15.5.5 and 15.5.11).
GONE: Final = frozenset({404, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTransfer(NodeKind):
    """Hands the conversation to a person at the App's agent desk, who may give it back."""

    kind: ClassVar[str] = "agent_transfer"

    data: Template | None = declare(
        Json(title="Told to the desk", help="JSON, such as the subject; {{context…}} is filled in as data.")
    )
    prompts: Wordings | None = declare(
        Prompts(title="Said at the handover", help="One of them is said once the desk has taken over.")
    )
    silence_minutes: float = declare(
        Number(
            title="Ends after a silence of",
            help="In minutes, of both sides.",
            default=60,
            low=1,
            high=MINUTES_OF_A_DAY,
        )
    )
    on_unreachable: str | None = declare(
        NodeName(title="When the desk cannot be reached", help="Else the task ends with a message.")
    )
    on_close: str = declare(
        NodeName(title="When the agent or the person ends the chat", help="“@end” ends the task.", default=END)
    )

    def enter(self, view: View) -> Step:
        told = None if self.data is None else self.data.render(view.variables)
        return OpenWait(request=WaitRequest(self.name, "agent", self.silence_minutes * 60, {"data": told}))

    def opened(self, opening: Opening, view: View) -> Step:
        if opening.awaited is None:
            return self._unreachable(opening.result)
        words = self.pick(self.prompts, view) if self.prompts else phrases.handed_over()
        return AwaitEvent(awaited=opening.awaited, replies=(Reply(f"{words} {phrases.how_to_leave()}"),))

    def answer(self, text: str, view: View) -> Step:
        if view.awaited is None:
            return Cancel()
        if plain(text) in LEAVE:
            return self._ended("left", phrases.left_agent())
        return Tell(awaited=view.awaited, text=text)

    def told(self, result: OperationResult, view: View) -> Step:
        if view.awaited is None:
            return Cancel()
        if result.outcome == "answered" and result.status_code in OK:
            return AwaitEvent(awaited=view.awaited)
        if result.outcome == "answered" and result.status_code in GONE:
            return self._ended("closed", phrases.agent_gone())
        return AwaitEvent(awaited=view.awaited, replies=(Reply(phrases.not_passed_on()),))

    def happened(self, event: Event, view: View) -> Step:
        said = event.data if isinstance(event.data, dict) else {}
        text, agent = str(said.get("text") or ""), str(said.get("agent") or "")
        replies = (_from_agent(text, agent),) if text else ()
        if event.kind == "said" and view.awaited is not None:
            return AwaitEvent(awaited=view.awaited, replies=replies)
        if event.kind == "returned":
            changes = self._changes("returned", agent, said.get("data"))
            back = Reply(phrases.given_back(agent))
            return Proceed(changes=changes, replies=(*replies, back))
        if event.kind == "closed":
            return self._ended("closed", phrases.agent_closed(agent), agent, said.get("data"), replies)
        if event.kind == "canceled":
            return self._ended("left", phrases.left_agent())
        return self._ended("expired", phrases.silent_too_long())

    def assigns(self) -> Iterator[Path]:
        yield from ((self.name, key) for key in ("outcome", "agent", "data"))

    def _ended(
        self, outcome: str, words: str, agent: str = "", data: Any = None, before: tuple[Reply, ...] = ()
    ) -> Step:
        changes, replies = self._changes(outcome, agent, data), (*before, Reply(words))
        return GoTo(target=self.on_close, changes=changes, reason=outcome, replies=replies)

    def _unreachable(self, result: OperationResult | None) -> Step:
        changes = self._changes("unreachable")
        message = (result.message if result else "") or phrases.desk_unreachable()
        if self.on_unreachable:
            return GoTo(target=self.on_unreachable, changes=changes, reason="unreachable", replies=(Reply(message),))
        return Fail(message=message, changes=changes, error=f"{self.name}: the agent desk did not take over.")

    def _changes(self, outcome: str, agent: str = "", data: Any = None) -> dict[Path, Any]:
        told = {"outcome": outcome, "agent": agent, "data": data}
        return {(self.name, key): value for key, value in told.items()}


def _from_agent(text: str, agent: str) -> Reply:
    return Reply(text, data={"type": "agent", "agent": agent})
