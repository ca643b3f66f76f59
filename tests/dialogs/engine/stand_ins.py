"""Ports for tests: a provider that answers as told, a clock that stands still until it is moved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dialogs.engine import (
    Bot,
    CodeAnswer,
    Invitation,
    OperationRequest,
    OperationResult,
    Ports,
    SandboxedScripts,
    Standing,
    State,
    Turn,
    compile_graph,
    resume,
    take_turn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dialogs.nodes.person import Person as Reader

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NOT_AUTHORIZED = Standing("authorization_required", "I need your permission to use Jira for you.")
#: Shared by all tests: its processes start once.
SCRIPTS = SandboxedScripts(at_once=2)


def answered(status: int = 200, body: Any = None, **rest: Any) -> OperationResult:
    return OperationResult("answered", status, body, **rest)


class StillClock:
    """Goes on by a millisecond whenever it is asked; the time of day stands still until a test moves it."""

    def __init__(self) -> None:
        self._elapsed = 0.0
        self.time = NOW

    def now(self) -> datetime:
        return self.time

    def elapsed(self) -> float:
        self._elapsed += 0.001
        return self._elapsed


@dataclass
class Provider:
    """Answers operations by name; remembers what it was asked."""

    answers: dict[str, OperationResult | Callable[[OperationRequest], OperationResult]] = field(default_factory=dict)
    requests: list[OperationRequest] = field(default_factory=list)

    def call(self, request: OperationRequest) -> OperationResult:
        self.requests.append(request)
        answer = self.answers.get(request.operation, answered(200, {}))
        return answer if isinstance(answer, OperationResult) else answer(request)


@dataclass
class Person:
    """The rights of whom the bot talks to: none at first. Every link is another, and works for an hour."""

    clock: StillClock = field(default_factory=StillClock)
    state: Standing = NOT_AUTHORIZED
    may_authorize: bool = True
    code: str = ""
    tries: int = 3
    links: int = 0

    def standing(self, provider: str) -> Standing:
        return self.state

    def invite(self, provider: str) -> Invitation | None:
        if not self.may_authorize:
            return None
        self.links += 1
        ends = self.clock.now() + timedelta(hours=1)
        return Invitation(f"https://x/{provider}/{self.links}", ends, code_needed=True)

    def confirm(self, provider: str, code: str) -> CodeAnswer | None:
        if not self.code:
            return None
        if code == self.code:
            self.authorized()
            return CodeAnswer(right=True)
        self.tries -= 1
        return CodeAnswer(right=False, tries_left=self.tries)

    def authorized(self) -> None:
        self.state = Standing()

    def call(self, request: OperationRequest) -> OperationResult:
        """What a call comes to, as far as it hangs on this person's rights."""
        if self.state.outcome == "ready":
            return answered(200, {"key": "DEMO-7"})
        return OperationResult(self.state.outcome, message=self.state.message)


class Chat:
    """A conversation that stores its state as JSON after every turn, as the product does."""

    def __init__(
        self,
        *documents: Mapping[str, Any],
        provider: Provider | None = None,
        person: Person | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        graphs = {f"{document['name']}/1": compile_graph(document) for document in documents}
        self.bot = Bot(graphs, settings=settings or {})
        self.provider = provider or Provider()
        self.person = person or Person()
        self.ports = Ports(self.provider, SCRIPTS, self.person.clock, self.person)
        self.stored: dict[str, Any] = {}
        self.turn = Turn(State())

    def speaks(self, person: Reader) -> None:
        """Whom the bot talks to from now on."""
        self.ports = replace(self.ports, person=person)

    def say(self, text: str, *files: Mapping[str, Any]) -> list[str]:
        return self._keep(take_turn(self.bot, self.state, text, replace(self.ports, files=files)))

    def resume(self) -> list[str]:
        return self._keep(resume(self.bot, self.state, self.ports))

    @property
    def state(self) -> State:
        return State.from_json(self.stored)

    def later(self, **span: float) -> None:
        """Let time go by."""
        self.person.clock.time += timedelta(**span)

    @property
    def task(self) -> str:
        """The name of the task under way, or nothing."""
        graph = self.bot.graph(self.state.task)
        return graph.name if graph else ""

    @property
    def steps(self) -> dict[str, Any]:
        """The steps of the last turn by node."""
        return {step["node"]: step for step in self.turn.trace["steps"]}

    def _keep(self, turn: Turn) -> list[str]:
        self.turn = turn
        self.stored = turn.state.to_json()
        assert State.from_json(self.stored) == turn.state
        return [reply.text for reply in turn.replies]
