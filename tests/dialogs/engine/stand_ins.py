"""Ports for tests: a provider that answers as told, a clock that stands still until it is moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dialogs.engine import (
    Bot,
    OperationRequest,
    OperationResult,
    Ports,
    SandboxedScripts,
    State,
    Turn,
    compile_graph,
    resume,
    take_turn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
#: Shared by all tests: its processes start once.
SCRIPTS = SandboxedScripts(at_once=2)


def answered(status: int = 200, body: Any = None, **rest: Any) -> OperationResult:
    return OperationResult("answered", status, body, **rest)


class StillClock:
    """Goes on by a millisecond whenever it is asked."""

    def __init__(self) -> None:
        self._elapsed = 0.0

    def now(self) -> datetime:
        return NOW

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


class Chat:
    """A conversation that stores its state as JSON after every turn, as the product does."""

    def __init__(self, *documents: Mapping[str, Any], provider: Provider | None = None) -> None:
        self.bot = Bot({f"{document['name']}/1": compile_graph(document) for document in documents})
        self.provider = provider or Provider()
        self.ports = Ports(self.provider, SCRIPTS, StillClock())
        self.stored: dict[str, Any] = {}
        self.turn = Turn(State())

    def say(self, text: str) -> list[str]:
        return self._keep(take_turn(self.bot, self.state, text, self.ports))

    def resume(self) -> list[str]:
        return self._keep(resume(self.bot, self.state, self.ports))

    @property
    def state(self) -> State:
        return State.from_json(self.stored)

    @property
    def steps(self) -> dict[str, Any]:
        """The steps of the last turn by node."""
        return {step["node"]: step for step in self.turn.trace["steps"]}

    def _keep(self, turn: Turn) -> list[str]:
        self.turn = turn
        self.stored = turn.state.to_json()
        assert State.from_json(self.stored) == turn.state
        return [reply.text for reply in turn.replies]
