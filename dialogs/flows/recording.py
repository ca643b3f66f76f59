"""What a turn of a draft began with and what it was answered from outside: kept to try it again, and to make it a test.

Only *Talk to Bot* records. Conversations of channels cost nothing more by it, and nothing more of them is kept.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from dialogs.engine.context import WRITE, ContextTooLarge, measured
from xoplatform.logs import redact

from .attachments import noted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialogs.engine.ports import (
        Authorizations,
        Awaited,
        CodeAnswer,
        Event,
        Invitation,
        Opening,
        OperationCaller,
        OperationRequest,
        OperationResult,
        Ports,
        Standing,
        WaitRequest,
        Waits,
    )
    from dialogs.engine.state import State
    from dialogs.nodes.steps import Reply

#: Most characters of a record's JSON. A larger one is not kept: the turn can then be read, but not repeated.
MOST: Final = 64 * 1024
#: Parts of a request that say nothing about what was sent.
ASIDE: Final = frozenset({"node", "provider", "operation", "timeout", "cache_for"})
#: What of the person matters for what is said.
OF_PERSON: Final = ("locale", "time_zone", "app_locale", "app_time_zone")
#: Stands in for the address of a page that is one person's alone (RFC 2606 section 2).
PAGE: Final = "https://page.invalid/"


@dataclass
class Recording:
    """One turn's. Wrap the ports with `around`, then take `to_json`."""

    files: Sequence[Mapping[str, Any]] = ()
    calls: list[dict[str, Any]] = field(default_factory=list)
    standings: dict[str, Any] = field(default_factory=dict)
    openings: list[dict[str, Any]] = field(default_factory=list)
    event: dict[str, Any] | None = None
    person: dict[str, str] = field(default_factory=dict)

    def around(self, ports: Ports) -> Ports:
        """The same ports, listened to."""
        self.person = {name: getattr(ports.person, name) for name in OF_PERSON}
        return replace(
            ports,
            operations=_Calls(ports.operations, self.calls),
            authorizations=_Rights(ports.authorizations, self.standings),
            waits=_Waits(ports.waits, self.openings),
        )

    def happened(self, event: Event) -> Event:
        """Notes what came from outside, and hands it on."""
        self.event = {"wait": event.wait, "kind": event.kind, "data": redact(event.data)}
        return event

    def to_json(self, before: State, after: State, at: str) -> dict[str, Any] | None:
        """The record, or None where it would be too large. ``at`` is the time of the turn in ISO 8601."""
        told = {
            "state": before.to_json(),
            "at": at,
            "calls": self.calls,
            "standings": self.standings,
            "openings": self.openings,
            "event": self.event,
            "person": self.person,
            "waits": after.node,
            **noted(self.files),
        }
        try:
            kept, _size = measured(told)
        except ContextTooLarge:
            return None
        return kept if len(WRITE(kept)) <= MOST else None


@dataclass(frozen=True)
class _Calls:
    inner: OperationCaller
    calls: list[dict[str, Any]]

    def call(self, request: OperationRequest) -> OperationResult:
        result = self.inner.call(request)
        self.calls.append(
            {
                "node": request.node,
                "provider": request.provider,
                "operation": request.operation,
                "sent": redact({key: value for key, value in asdict(request).items() if key not in ASIDE}),
                "result": told_result(result),
            }
        )
        return result


def told_result(result: OperationResult) -> dict[str, Any]:
    """What a dialog gets of an answer, without secrets."""
    return {
        "outcome": result.outcome,
        "status_code": result.status_code,
        "body": redact(result.body),
        "headers": redact(dict(result.headers)),
        "message": result.message,
        "provider": result.provider,
        "reconciled": redact(dict(result.reconciled)) if result.reconciled else None,
    }


@dataclass(frozen=True)
class _Rights:
    inner: Authorizations
    standings: dict[str, Any]

    def standing(self, provider: str) -> Standing:
        found = self.inner.standing(provider)
        self._note(provider, outcome=found.outcome, message=found.message)
        return found

    def invite(self, provider: str) -> Invitation | None:
        invitation = self.inner.invite(provider)
        self._note(provider, link=invitation is not None)
        return invitation

    def confirm(self, provider: str, code: str) -> CodeAnswer | None:
        return self.inner.confirm(provider, code)

    def _note(self, provider: str, **told: Any) -> None:
        self.standings.setdefault(provider, {"outcome": "ready"}).update(told)


@dataclass(frozen=True)
class _Waits:
    inner: Waits
    openings: list[dict[str, Any]]

    def open(self, request: WaitRequest, said: Sequence[Reply], *, sensitive: bool) -> Opening:
        opening = self.inner.open(request, said, sensitive=sensitive)
        awaited = opening.awaited.to_json() if opening.awaited else None
        if awaited and "url" in awaited:
            awaited["url"] = PAGE
        self._note(request.node, awaited, opening.result)
        return opening

    def tell(self, awaited: Awaited, text: str) -> OperationResult:
        result = self.inner.tell(awaited, text)
        self._note("", None, result)
        return result

    def _note(self, node: str, awaited: dict[str, Any] | None, result: OperationResult | None) -> None:
        told = told_result(result) if result else None
        self.openings.append({"node": node, "awaited": awaited, "result": told})
