"""The engine's ports over integrations: calls made with the right person's rights, and remembered."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import structlog
from django.utils import timezone

from dialogs.engine.ports import CodeAnswer, Invitation, OperationRequest, OperationResult, Standing
from dialogs.engine.scripts import SandboxedScripts
from integrations import api
from xoplatform.core.errors import PlatformError
from xoplatform.logs import hiding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

log = structlog.get_logger(__name__)

#: A call as the journal of a claimed conversation keeps it; ``result`` is null until it is known.
JournalEntry = dict[str, Any]

#: The conversation in which a code is being taken: its own turn goes on, so the news need not set it going.
taking_a_code: ContextVar[str] = ContextVar("taking_a_code", default="")

LOST = "The call was sent, and its answer was lost: whether it was carried out is unknown."


@cache
def scripts() -> SandboxedScripts:
    """The one sandbox of this process."""
    return SandboxedScripts()


def known_operations() -> dict[str, dict[str, Any]]:
    """By provider, what a service node may call, with the JSON Schema of each operation's parameters."""
    return {
        provider: {name: info.parameters for name, info in api.operations(provider).items()}
        for provider in api.providers()
    }


@dataclass
class Caller:
    """`OperationCaller` for one turn.

    ``before_send`` is told of each call that must not be repeated, just before it leaves, and may stop it by raising.
    ``past`` are such calls of a turn that was cut off: they are answered from what is known of them, never sent again.
    """

    app_id: int
    end_user_id: int
    reference: str
    before_send: Callable[[api.CallRecord, float], None]
    past: Iterable[JournalEntry] = ()
    #: Records of repeatable calls, to be stored with the turn.
    records: list[api.CallRecord] = field(default_factory=list)
    #: Calls of this turn that must not be repeated, in order.
    journal: list[JournalEntry] = field(default_factory=list)
    #: The grants of the calls that just went well.
    grants: api.GrantsInHand = field(default_factory=api.GrantsInHand)

    def __post_init__(self) -> None:
        self.past = list(self.past)

    def call(self, request: OperationRequest) -> OperationResult:
        earlier = self._earlier(request)
        return earlier if earlier is not None else self._send(request)

    def _earlier(self, request: OperationRequest) -> OperationResult | None:
        for entry in self.past:
            if (entry["node"], entry["operation"]) == (request.node, request.operation):
                self.past = [other for other in self.past if other is not entry]
                self.journal.append(entry)
                result = entry["result"]
                return OperationResult(**result) if result else OperationResult("unknown", message=LOST)
        return None

    def _send(self, request: OperationRequest) -> OperationResult:
        entry = _entry(request)
        longest = request.timeout + (api.LOOK_SECONDS if "sent" in entry else 0)

        def started(record: api.CallRecord) -> None:
            self.journal.append(entry)
            self.before_send(record, longest)

        with hiding(request.sensitive):
            answer = call(request, self.app_id, self.end_user_id, started, self.reference, grants=self.grants)
        if answer.record is not None and answer.record.pk is None:
            self.records.append(answer.record)
        known = _known(answer)
        if "sent" in entry and is_unknown(answer):
            looked = look_for(entry, self.app_id, self.end_user_id, self.reference)
            self.records += looked.records
            known["reconciled"] = _told(looked)
        entry["result"] = known
        return OperationResult(**known)


def call(
    request: OperationRequest,
    app_id: int,
    end_user_id: int | None,
    before_send: Callable[[api.CallRecord], None] | None = None,
    reference: str = "",
    *,
    grants: api.GrantsInHand | None = None,
) -> api.CallResult:
    """What becomes of a request with the rights of this person, or with the App's own."""
    common: dict[str, Any] = {
        "app_id": app_id,
        "end_user_id": end_user_id,
        "timeout": request.timeout,
        "before_send": before_send,
        "reference": reference,
        "cache_for": request.cache_for,
    }
    if request.free is None:
        return api.call_operation(
            provider=request.provider,
            operation=request.operation,
            parameters=request.parameters,
            body=request.body,
            grants=grants,
            **common,
        )
    free = request.free
    sent = api.FreeRequest(
        method=free.method,
        url=free.url,
        query=request.parameters,
        headers=free.headers,
        body=request.body,
        body_format=free.body_format,
        profile=free.profile,
        repeatable=free.repeatable,
    )
    return api.send_request(request=sent, **common)


def only_reads(request: OperationRequest) -> bool:
    """Whether it changes nothing, as far as can be told. What is not known may do anything."""
    if request.free is not None:
        return request.free.method == "GET"
    known = api.operations(request.provider).get(request.operation) if request.provider in api.providers() else None
    return known is not None and known.idempotent


def _entry(request: OperationRequest) -> JournalEntry:
    """A call in the journal; with what it sent, if it can be looked for by that when its answer is lost."""
    entry: JournalEntry = {
        "node": request.node,
        "provider": request.provider,
        "operation": request.operation,
        "result": None,
    }
    if request.free is None and api.can_look(request.provider, request.operation):
        sent = {"parameters": dict(request.parameters), "body": request.body}
        entry |= {"sent": sent, "since": timezone.now().isoformat()}
    return entry


def is_unknown(answer: api.CallResult) -> bool:
    """Whether a call may have been carried out without anybody knowing it: a lost answer, or a broken gateway's."""
    return answer.outcome == "unknown" or (
        answer.record is not None and answer.record.status == api.CallRecord.Status.UNKNOWN
    )


def look_for(entry: JournalEntry, app_id: int, end_user_id: int, reference: str) -> api.Reconciled:
    """Asks the provider about a call of a journal that holds what was sent."""
    lost = api.Lost(
        app_id=app_id,
        end_user_id=end_user_id,
        provider=entry["provider"],
        operation=entry["operation"],
        request=entry["sent"],
        since=datetime.fromisoformat(entry["since"]),
        reference=reference,
    )
    return api.look_for(lost)


def _told(looked: api.Reconciled) -> dict[str, Any]:
    """What a dialog gets of a look: `context.<node>.response.reconciled`."""
    return {"outcome": looked.outcome, "found": looked.found, "message": looked.message}


@dataclass(frozen=True)
class Rights:
    """`Authorizations` of one person, in one conversation."""

    app_id: int
    end_user_id: int
    reference: str
    #: The channel has signed the person in, so that no code is typed back.
    vouched: bool = False

    def standing(self, provider: str) -> Standing:
        found = api.readiness(self.app_id, self.end_user_id, provider)
        return Standing(found.outcome, found.message)

    def invite(self, provider: str) -> Invitation | None:
        if not api.may_invite(self.app_id, provider):
            return None
        try:
            link = api.authorization_link(self.app_id, self.end_user_id, provider, self.reference, vouched=self.vouched)
        except PlatformError as error:
            log.warning("no_link_given", conversation=self.reference, reason=error.code)
            return None
        return Invitation(link.url, link.expires_at, link.code_needed)

    def confirm(self, provider: str, code: str) -> CodeAnswer | None:
        person = (self.app_id, self.end_user_id, provider)
        if api.code_tries_left(*person) is None:
            return None
        before = taking_a_code.set(self.reference)
        try:
            if api.confirm_code(*person, code):
                return CodeAnswer(right=True)
            return CodeAnswer(right=False, tries_left=api.code_tries_left(*person) or 0)
        except PlatformError as error:
            return CodeAnswer(right=False, message=error.message)
        finally:
            taking_a_code.reset(before)


def settled(entry: JournalEntry, app_id: int, end_user_id: int, reference: str) -> JournalEntry:
    """A journal's entry with all that can be known after a crash: from its record, or by asking the provider."""
    known = known_from_record(reference, entry)
    if known["result"] is not None or "sent" not in known:
        return known
    looked = look_for(known, app_id, end_user_id, reference)
    api.record_calls(looked.records)
    return {**known, "result": {"outcome": "unknown", "message": LOST, "reconciled": _told(looked)}}


def known_from_record(reference: str, entry: JournalEntry) -> JournalEntry:
    """A journal's entry with its result, if the call's record tells it: the process died after the answer had come."""
    if entry["result"] is not None:
        return entry
    rows = api.CallRecord.objects.filter(reference=reference, operation=entry["operation"])
    record = rows.order_by("-pk").first()
    if record is None or record.status not in {record.Status.SUCCEEDED, record.Status.FAILED}:
        return entry
    return {**entry, "result": _known(_result_of(record))}


def _result_of(record: api.CallRecord) -> api.CallResult:
    if record.http_status is None:
        return api.CallResult("unreachable", message=record.error, duration_ms=record.duration_ms or 0)
    trace = {"request": record.request, "response": record.response}
    body = record.response.get("body")
    return api.CallResult("answered", record.http_status, body, {}, record.error, trace, record.duration_ms or 0)


def _known(answer: api.CallResult) -> dict[str, Any]:
    return {
        "outcome": answer.outcome,
        "status_code": answer.status_code,
        "body": answer.body,
        "headers": answer.headers,
        "message": answer.message,
        "trace": answer.trace,
        "duration_ms": answer.duration_ms,
        "grant": answer.grant,
        "provider": answer.provider,
        "late": answer.late,
    }
