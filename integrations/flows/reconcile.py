"""Looks for what a call did whose answer was lost, as the operation says how."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.utils import timezone

from integrations.catalog import registry
from integrations.catalog.reconcile import SKEW
from integrations.errors import UnknownOperation, UnknownProvider
from integrations.models import OperationCall

from . import transport, words
from .call import call

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from integrations.catalog.operations import JSON, Operation
    from integrations.catalog.reconcile import Reconcile

    from .call_result import CallResult

#: Seconds that a look may take, and the pauses between its tries: a search may lag behind what was made.
SECONDS = 10.0
PAUSES = (0.0, 1.5, 3.0)


@dataclass
class Reconciled:
    """What a look came to. ``records`` are its own calls, to be stored by the caller.

    found: the call was carried out, ``found`` tells what it made. not_found: nothing of it can be seen, which is no
    proof. cannot_tell: nobody could look, or there is more than one that it could be.
    """

    outcome: Literal["found", "not_found", "cannot_tell"]
    found: JSON = None
    message: str = ""
    records: list[OperationCall] = field(default_factory=list)


@dataclass(frozen=True)
class Lost:
    """A call whose answer was lost; ``since`` is when it left."""

    app_id: int
    end_user_id: int | None
    provider: str
    operation: str
    request: Mapping[str, Any]
    since: datetime
    reference: str = ""


def can_look(provider: str, operation: str) -> bool:
    """Whether the operation says how a lost call of it is looked for."""
    try:
        return registry.operation(provider, operation).reconcile is not None
    except (UnknownProvider, UnknownOperation):
        return False


def look_for(lost: Lost) -> Reconciled:
    """Asks the provider, more than once while nothing is found, for `SECONDS` in all.

    Only for operations that `can_look` knows. Open no database transaction around it.
    """
    operation = registry.operation(lost.provider, lost.operation)
    title = registry.provider(lost.provider).manifest.title
    budget, records, outcome = transport.Budget(SECONDS), list[OperationCall](), Reconciled("cannot_tell")
    assert operation.reconcile is not None  # noqa: S101 -- asked before
    for pause in PAUSES:
        if budget.left < pause + 1:
            break
        if pause:
            transport.pause(pause)
        answer = _ask(lost, operation.reconcile, budget.left)
        records += [answer.record] if answer.record is not None else []
        outcome = _judged(lost, operation, operation.reconcile, answer)
        if outcome.outcome != "not_found":
            break
    outcome.records = records
    outcome.message = words.reconciled(title, operation, outcome.outcome)
    return outcome


def _ask(lost: Lost, how: Reconcile, seconds: float) -> CallResult:
    minutes = math.ceil((timezone.now() - lost.since + SKEW).total_seconds() / 60) + 1
    variables = {"request": lost.request, "minutes": minutes}
    return call(
        app_id=lost.app_id,
        end_user_id=lost.end_user_id,
        provider=lost.provider,
        operation=how.operation,
        parameters=how.parameters.render(variables),
        body=None if how.body is None else how.body.render(variables),
        timeout=seconds,
        reference=lost.reference,
    )


def _judged(lost: Lost, operation: Operation, how: Reconcile, answer: CallResult) -> Reconciled:
    if how.gone:
        return Reconciled({404: "found", 200: "not_found"}.get(answer.status_code or 0, "cannot_tell"))  # type: ignore[arg-type]  # the three words
    candidates = how.candidates(answer.body)
    if answer.outcome != "answered" or answer.status_code != 200 or candidates is None:  # noqa: PLR2004
        return Reconciled("cannot_tell")
    if not how.sees_all(lost.request):
        return Reconciled("cannot_tell")
    fitting = [how.told(item) for item in candidates if how.fits(item, lost.request, lost.since)]
    claimed = _claimed(lost, operation, fitting) if fitting and how.items else []
    unclaimed = [found for found in fitting if found not in claimed]
    if len(unclaimed) > 1:
        return Reconciled("cannot_tell")
    return Reconciled("found", unclaimed[0]) if unclaimed else Reconciled("not_found")


def _claimed(lost: Lost, operation: Operation, fitting: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that another call is known to have made: the same was asked for twice."""
    rows = OperationCall.objects.filter(
        app_id=lost.app_id,
        provider=lost.provider,
        operation=operation.name,
        status=OperationCall.Status.SUCCEEDED,
        created_at__gte=lost.since - SKEW,
    )
    bodies = [
        body for answer in rows.values_list("response", flat=True) if isinstance(body := answer.get("body"), dict)
    ]
    return [found for found in fitting if any(found.items() <= _flat(body).items() for body in bodies)]


def _flat(body: dict[str, Any]) -> dict[str, Any]:
    """What can be compared: texts and numbers."""
    return {key: value for key, value in body.items() if isinstance(value, str | int)}
