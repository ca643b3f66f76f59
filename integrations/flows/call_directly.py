"""Calls that a program asks for itself, without a dialog: recorded, redacted, and never repeated blindly."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from integrations.errors import CallSentBefore
from integrations.models import OperationCall
from integrations.models.statements import add_calls
from xoplatform.logs import redact

from .call import call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from integrations.catalog.operations import JSON, Operation

    from .call_result import CallResult

#: What the records of these calls say that they were made for.
REFERENCE: Final = "API"


@dataclass(frozen=True)
class Wanted:
    """One call: as ``end_user_id``, or as the App; ``once`` tells this request from all others, if anything does."""

    app_id: int
    provider: str
    operation: Operation
    end_user_id: int | None
    parameters: Mapping[str, Any]
    body: JSON
    timeout: float
    once: str = ""

    @property
    def reference(self) -> str:
        return f"{REFERENCE} {hashlib.sha256(self.once.encode()).hexdigest()[:40]}" if self.once else REFERENCE


def call_directly(wanted: Wanted) -> CallResult:
    """Carries it out and records it; its body is redacted. Open no database transaction around it.

    Raises CallSentBefore where the same request left before and its answer never reached the caller.
    """
    if wanted.once and not wanted.operation.idempotent:
        _refuse_if_sent(wanted)
    result = call(
        app_id=wanted.app_id,
        end_user_id=wanted.end_user_id,
        provider=wanted.provider,
        operation=wanted.operation.name,
        parameters=wanted.parameters,
        body=wanted.body,
        timeout=wanted.timeout,
        reference=wanted.reference,
    )
    if result.record is not None and result.record.pk is None:
        add_calls([result.record])
    result.body = redact(result.body)
    return result


def nothing_left(result: CallResult) -> bool:
    """Whether surely nothing was carried out, so that the same request may be sent again."""
    return result.outcome in ("authorization_required", "refused", "unreachable", "timed_out") and (
        result.record is None or result.record.http_status is None
    )


def _refuse_if_sent(wanted: Wanted) -> None:
    before = OperationCall.objects.filter(
        app_id=wanted.app_id,
        reference=wanted.reference,
        status__in=(OperationCall.Status.STARTED, OperationCall.Status.SUCCEEDED, OperationCall.Status.UNKNOWN),
    ).first()
    if before is not None:
        raise CallSentBefore(operation=wanted.operation.title, call=before.pk)
