"""The door: what dialogs may ask of integrations. The other one is `integrations.signals`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.catalog.operations import JSON
from integrations.catalog.templates import TemplateInfo
from integrations.flows.call_result import CallResult, Outcome
from integrations.models import OperationCall as CallRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["JSON", "CallRecord", "CallResult", "Outcome", "TemplateInfo", "call_operation", "record_calls"]


def call_operation(
    *,
    app_id: int,
    end_user_id: int | None,
    provider: str,
    operation: str,
    parameters: Mapping[str, Any],
    body: JSON,
    timeout: float,
    before_send: Callable[[CallRecord], None] | None = None,
    reference: str = "",
) -> CallResult:
    """Calls a provider's operation with the grant that the App's action holds for this end user.

    Never raises for what a provider, a network or a configuration does: the outcome says it. ``timeout`` is in
    seconds and covers everything, waiting for a token and permitted retries included. Open no database
    transaction around it. ``before_send(record)`` is invoked just before a request that is not idempotent
    leaves, so that the caller can commit ``record.save()`` with its own claim; without it the record is saved here.
    """
    raise NotImplementedError


def record_calls(records: Iterable[CallRecord]) -> None:
    """Stores the records of calls whose results carried unsaved ones, in one statement."""
    CallRecord.objects.bulk_create([r for r in records if r.pk is None])
