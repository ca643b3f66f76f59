"""The engine's ports in a test: answers as they were recorded, a clock that stands still, and nobody outside."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from dialogs.engine.ports import Awaited, Invitation, Opening, OperationResult, Standing
from dialogs.flows.recording import ASIDE
from xoplatform.logs import redact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialogs.engine.ports import CodeAnswer, OperationRequest, WaitRequest
    from dialogs.nodes.steps import Reply

#: Where the link of a test leads: nowhere (RFC 2606 section 2).
LINK: Final = "https://authorize.invalid/"
#: Parts of a recorded result that a result takes.
KNOWN: Final = ("outcome", "status_code", "body", "headers", "message", "provider", "reconciled")


@dataclass
class Canned:
    """`OperationCaller` that answers by node and operation, each answer once, in the order in which they stand."""

    calls: Sequence[Mapping[str, Any]]
    #: Calls that no answer was there for.
    unknown: list[str] = field(default_factory=list)
    #: Recorded calls with what was sent this time.
    made: list[tuple[Mapping[str, Any], Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = list(self.calls)

    def call(self, request: OperationRequest) -> OperationResult:
        wanted = (request.node, request.operation)
        for entry in self.left:
            if (entry["node"], entry["operation"]) == wanted:
                self.left = [other for other in self.left if other is not entry]
                self.made.append((entry, _sent(request)))
                return known(entry["result"])
        self.unknown.append(f"{request.operation} at {request.node}")
        return OperationResult("refused", message=f"This test holds no answer for {request.operation}.")


def known(result: Mapping[str, Any]) -> OperationResult:
    """A recorded result as the engine takes it."""
    return OperationResult(**{key: value for key, value in result.items() if key in KNOWN and value is not None})


@dataclass
class Doors:
    """`Waits` as they were opened; what was not recorded is refused."""

    openings: Sequence[Mapping[str, Any]]
    unknown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = list(self.openings)

    def open(self, request: WaitRequest, said: Sequence[Reply], *, sensitive: bool) -> Opening:
        entry = self._next(request.node)
        if entry is None:
            return Opening(result=OperationResult("refused", message="This test holds no answer from outside."))
        awaited = Awaited.from_json(entry["awaited"]) if entry.get("awaited") else None
        return Opening(awaited, known(entry["result"]) if entry.get("result") else None)

    def tell(self, awaited: Awaited, text: str) -> OperationResult:
        entry = self._next("")
        return known(entry["result"]) if entry and entry.get("result") else OperationResult("refused")

    def _next(self, node: str) -> Mapping[str, Any] | None:
        for entry in self.left:
            if entry.get("node", "") == node:
                self.left = [other for other in self.left if other is not entry]
                return entry
        self.unknown.append(node or "the agent desk")
        return None


def _sent(request: OperationRequest) -> Any:
    return redact({key: value for key, value in asdict(request).items() if key not in ASIDE})


@dataclass(frozen=True)
class Rights:
    """`Authorizations` as they were; everything else may be called. The link is always the same."""

    standings: Mapping[str, Any]
    now: datetime

    def standing(self, provider: str) -> Standing:
        told = self.standings.get(provider) or {}
        return Standing(told.get("outcome", "ready"), told.get("message", ""))

    def invite(self, provider: str) -> Invitation | None:
        has_link = (self.standings.get(provider) or {}).get("link", True)
        return Invitation(LINK, self.now + timedelta(hours=1)) if has_link else None

    def confirm(self, provider: str, code: str) -> CodeAnswer | None:
        return None


@dataclass(frozen=True)
class StoppedClock:
    """The time of day stands still for a turn; what passes is real."""

    time: datetime

    def now(self) -> datetime:
        return self.time

    def elapsed(self) -> float:
        return time.perf_counter()


def moment(written: str | None, otherwise: datetime) -> datetime:
    """A recorded time, or another one where it is missing or none."""
    try:
        found = datetime.fromisoformat(written) if written else otherwise
    except ValueError:
        return otherwise
    return found if found.tzinfo else found.replace(tzinfo=UTC)
