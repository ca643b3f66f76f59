"""A stand-in for the outside: opens waits as a test says, and remembers what it was asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from dialogs.engine import Event, Opening, OperationResult, event
from dialogs.nodes.effects import Awaited
from tests.dialogs.engine.stand_ins import NOW, Chat, answered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogs.engine import Reply, WaitRequest
    from dialogs.nodes.effects import EventKind


@dataclass
class Outside:
    """``answer`` is what other systems say; without one, or with 202, a wait is open."""

    answer: OperationResult | None = None
    requests: list[WaitRequest] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    sensitive: bool = False

    def open(self, request: WaitRequest, said: Sequence[Reply], *, sensitive: bool) -> Opening:
        self.requests.append(request)
        self.replies, self.sensitive = list(said), sensitive
        if self.answer is not None and self.answer.status_code != 202:
            return Opening(result=self.answer)
        ends = NOW + timedelta(seconds=request.timeout)
        url = "https://x/forms/1/" if request.kind == "form" else ""
        return Opening(Awaited(f"wait-{len(self.requests)}", request.kind, ends, url), self.answer)

    def tell(self, awaited: Awaited, text: str) -> OperationResult:
        self.told.append(text)
        return self.answer or answered(204)


class OutsideChat(Chat):
    """A conversation with a task that waits for the outside."""

    def __init__(self, *documents: Any, outside: Outside | None = None) -> None:
        super().__init__(*documents)
        self.outside = outside or Outside()
        self.ports = replace(self.ports, waits=self.outside)

    def happens(self, kind: EventKind, data: Any = None, wait: str | None = None) -> list[str]:
        """Something comes, for what is waited for unless another wait is named."""
        key = wait or str(self.state.event.get("id", ""))
        return self._keep(event(self.bot, self.state, Event(key, kind, data), self.ports))
