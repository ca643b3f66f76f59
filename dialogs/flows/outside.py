"""The engine's port to the outside: waits that are stored with the turn, and signed calls that are journaled."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from dialogs.bridges import LOST
from dialogs.engine.ports import Awaited, Opening, OperationResult
from dialogs.models import Arrival, Wait
from dialogs.outside.addresses import address_of, digest, token_of
from dialogs.outside.posting import Delivery, post
from integrations.api import CallRecord
from xoplatform.logs import redact

from .desk import tell_of_end
from .event_settings import desk_of, secret_of
from .transcript import handover

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dialogs.bridges import JournalEntry
    from dialogs.engine.ports import WaitRequest
    from dialogs.models import Conversation
    from dialogs.nodes.steps import Reply

    from .turns import Work

#: What these calls are listed under, beside those of providers.
PROVIDER = "webhook"
#: A webhook that answers with it will call back (RFC 9110 section 15.3.3).
ACCEPTED = 202
#: Seconds that the agent desk gets to answer.
DESK_TIMEOUT = 10.0
NO_DESK = "This App has no agent desk, so nothing was handed over. Its developers can give the address of one."


@dataclass(frozen=True)
class Sending:
    """One signed call. With ``again`` the receiver knows repeated deliveries by their id, so it may be sent twice."""

    node: str
    url: str
    payload: Mapping[str, Any]
    timeout: float
    again: bool


class Outside:
    """`Waits` for one turn. ``past`` are calls that a turn which was cut off had made already."""

    def __init__(self, work: Work, past: Iterable[JournalEntry] = ()) -> None:
        self._work, self._row = work, work.conversation
        self._past = [entry for entry in past if entry["provider"] == PROVIDER]

    def open(self, request: WaitRequest, said: Sequence[Reply], *, sensitive: bool) -> Opening:
        if request.kind == "form":
            wait = self._fresh(request)
            self._work.also.append(partial(store, wait, self._work))
            return Opening(_awaited(wait, address_of(wait.kind, wait.key)))
        if request.kind == "agent":
            return self._hand_over(request, said, sensitive=sensitive)
        return self._call_out(request)

    def tell(self, awaited: Awaited, text: str) -> OperationResult:
        url = desk_of(self._row.app_id)
        if not url:
            return OperationResult("refused", message=NO_DESK)
        key = uuid.UUID(awaited.id)
        payload = {"type": "message", **self._about(key), "text": text}
        self._work.also.append(partial(extend, key))
        return self._send(Sending(self._node, url, payload, DESK_TIMEOUT, again=True))

    def note_end(self, event: Mapping[str, Any]) -> None:
        """Ends the wait with which the turn began, unless ``event``, what is waited for now, is still the same one."""
        before = (self._row.state or {}).get("event") or {}
        if before and before.get("id") != event.get("id"):
            self._work.also.append(partial(leave, self._row, before["id"]))

    @property
    def _node(self) -> str:
        path = (self._row.state or {}).get("path") or [""]
        return str(path[-1])

    def _call_out(self, request: WaitRequest) -> Opening:
        wait = self._fresh(request)
        payload = {
            "type": "webhook",
            "node": request.node,
            "conversation": str(self._row.public_id),
            "callback_url": address_of(wait.kind, wait.key),
            "expires_at": wait.expires_at.isoformat(),
            "data": request.data["body"],
        }
        sending = Sending(request.node, request.data["url"], payload, request.data["timeout"], again=False)
        result = self._send(sending, wait)
        came = result.outcome == "unknown" and Arrival.objects.filter(wait__key=wait.key).exists()
        if came or (result.outcome == "answered" and result.status_code == ACCEPTED):
            return Opening(_awaited(wait), result)
        self._work.also.append(partial(drop, wait.key))
        return Opening(result=result)

    def _hand_over(self, request: WaitRequest, said: Sequence[Reply], *, sensitive: bool) -> Opening:
        url = desk_of(self._row.app_id)
        if not url:
            return Opening(result=OperationResult("refused", message=NO_DESK))
        wait = self._fresh(request)
        text = None if sensitive else self._work.said.text
        payload = {"type": "handover", **self._about(wait.key), **handover(self._row, text, said)}
        payload |= {"data": request.data["data"], "node": request.node}
        result = self._send(Sending(request.node, url, payload, DESK_TIMEOUT, again=True), wait)
        if result.outcome == "answered" and result.status_code is not None and 200 <= result.status_code < 300:  # noqa: PLR2004
            return Opening(_awaited(wait), result)
        self._work.also.append(partial(drop, wait.key))
        return Opening(result=result)

    def _about(self, key: uuid.UUID) -> dict[str, Any]:
        return {"conversation": str(self._row.public_id), "reply_url": address_of("agent", key)}

    def _fresh(self, request: WaitRequest) -> Wait:
        """A wait that is not stored yet; after a crash, the one that was."""
        key = next((entry["wait"] for entry in self._past if entry["node"] == request.node and entry["wait"]), None)
        if key and (stored := Wait.objects.filter(key=key).first()):
            return stored
        wait = Wait(node=request.node, kind=request.kind, timeout=int(request.timeout))
        wait.token_hash = digest(token_of(wait.key))
        wait.expires_at = timezone.now() + timedelta(seconds=request.timeout)
        return wait

    def _send(self, sending: Sending, wait: Wait | None = None) -> OperationResult:
        """Sends it, unless a turn that was cut off did and it must not be repeated."""
        entry = next((one for one in self._past if one["node"] == sending.node), None)
        if entry is None:
            entry = {"node": sending.node, "provider": PROVIDER, "operation": sending.node, "result": None}
            entry |= {"delivery": f"msg_{uuid.uuid4().hex}", "wait": str(wait.key) if wait else ""}
            entry["again"] = sending.again
        else:
            self._past = [one for one in self._past if one is not entry]
            if entry["result"] or not sending.again:
                self._work.journal.append(entry)
                return (
                    OperationResult(**entry["result"]) if entry["result"] else OperationResult("unknown", message=LOST)
                )
        self._work.journal.append(entry)
        return self._leave(sending, entry, wait)

    def _leave(self, sending: Sending, entry: JournalEntry, wait: Wait | None) -> OperationResult:
        record = CallRecord(
            app_id=self._row.app_id,
            end_user_id=self._row.end_user_id,
            reference=str(self._row.public_id),
            provider=PROVIDER,
            operation=sending.node,
            method="POST",
            path=urlsplit(sending.url).path[:2000],
            request={"method": "POST", "url": redact(sending.url)},
        )
        stored = [] if wait is None else [partial(store, wait, self._work)]
        self._work.claim(record, sending.timeout, *stored)
        delivery = Delivery(entry["delivery"], sending.node, sending.url, sending.payload)
        result = post(delivery, secret_of(self._row.app_id), sending.timeout)
        entry["result"] = asdict(result)
        _finish(record, result)
        return result


def store(wait: Wait, work: Work) -> None:
    """Stores a wait with the conversation that it belongs to, unless it is stored already."""
    if wait.pk is None:
        wait.conversation_id = work.conversation.pk
        wait.save()


def extend(key: uuid.UUID) -> None:
    """Somebody wrote: the time until an agent's wait ends begins anew."""
    wait = Wait.objects.filter(key=key).only("pk", "timeout").first()
    if wait is not None:
        Wait.objects.filter(pk=wait.pk).update(expires_at=timezone.now() + timedelta(seconds=wait.timeout))


def drop(key: uuid.UUID | str) -> bool:
    """The conversation goes on without this wait; whether it was open."""
    rows = Wait.objects.filter(key=key, status=Wait.Status.OPEN)
    return bool(rows.update(status=Wait.Status.ENDED, ended_by="left"))


def leave(conversation: Conversation, key: str) -> None:
    """The same for a wait that others know of: an agent desk is told, once this is stored.

    A conversation that was begun from a copy of another's state must not end the other's wait.
    """
    if Wait.objects.filter(key=key, conversation=conversation.pk).exists() and drop(key):
        transaction.on_commit(partial(tell_of_end, key))


def _awaited(wait: Wait, url: str = "") -> Awaited:
    return Awaited(str(wait.key), wait.kind, wait.expires_at, url)  # type: ignore[arg-type]  # the column is a text


def _finish(record: CallRecord, result: OperationResult) -> None:
    fine = result.outcome == "answered" and result.status_code is not None and result.status_code < 400  # noqa: PLR2004
    status = record.Status.SUCCEEDED if fine else record.Status.FAILED
    record.status = record.Status.UNKNOWN if result.outcome == "unknown" else status
    record.http_status, record.duration_ms = result.status_code, round(result.duration_ms)
    record.request, record.response = result.trace.get("request", {}), result.trace.get("response", {})
    record.error = result.message
    record.save(update_fields=["status", "http_status", "duration_ms", "request", "response", "error"])
