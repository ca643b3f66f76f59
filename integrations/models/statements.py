"""The statements of every call and of every renewal ahead, compiled once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.functions import Now

from xoplatform.core.prepared import PreparedInsert, PreparedSelect, PreparedUpdate, param

from .action import Action
from .client_fault import ClientFault
from .connection import Connection
from .operation_call import OperationCall
from .token_refresh import TokenRefresh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

#: The id of no end user: keys begin at one.
NOBODY = 0


def _grants() -> QuerySet[Connection]:
    shared = Q(end_user=None, action__authorization_type=Action.AuthorizationType.PRE_AUTHORIZE)
    own = Q(end_user=param(Connection, "end_user_id"), action__authorization_type=Action.AuthorizationType.ALLOW_USERS)
    rows = Connection.objects.select_related("action__app")
    return rows.filter(
        shared | own, action__app=param(Action, "app_id"), action__provider=param(Action, "provider")
    ).order_by()


_GRANT = PreparedSelect(_grants)


def grant_of(app_id: int, end_user_id: int | None, provider: str) -> Connection | None:
    """The connection to act with, its action and App beside it. Nobody's grant ever serves another person."""
    return _GRANT.first(app_id=app_id, end_user_id=end_user_id or NOBODY, provider=provider)


def _due() -> QuerySet[Connection]:
    rows = Connection.objects.select_related("action__app", "action__profile")
    return rows.filter(pk=param(Connection, "id"), state=Connection.State.CONNECTED, due_at__lte=Now()).order_by()


_DUE = PreparedSelect(_due)


def due_connection(connection_id: int) -> Connection | None:
    """The connection, if the clock is to renew it now; its action, App and profile beside it."""
    return _DUE.first(id=connection_id)


#: What the end of a call adds to its record.
ENDED = ("status", "http_status", "duration_ms", "account", "response", "error")
_END_CALL = PreparedUpdate(lambda: OperationCall.objects.filter(pk=param(OperationCall, "id")), ENDED)
_ADD_CALL = PreparedInsert(OperationCall)


def start_call(record: OperationCall) -> None:
    """Stores a call that is about to leave; the record knows its key then."""
    _ADD_CALL.add(record)


def end_call(record: OperationCall) -> None:
    """Stores how a call that was announced has ended."""
    _END_CALL.run(id=record.pk, **{name: getattr(record, name) for name in ENDED})


def add_calls(records: Sequence[OperationCall]) -> None:
    """Stores calls that have ended, in one statement. Their keys stay unknown."""
    if records:
        _ADD_CALL.run(*records)


#: What a renewal that was asked for to its end adds to its intent.
RENEWED = ("outcome", "reason", "ended_at", "requests", "asked_ms", "kept_ms")
_ADD_INTENT = PreparedInsert(TokenRefresh)
_CLOSE_INTENT = PreparedUpdate(
    lambda: TokenRefresh.objects.filter(lease=param(TokenRefresh, "lease"), ended_at=None), RENEWED
)


def add_intent(intent: TokenRefresh) -> None:
    """Stores the intent to renew. Its key stays unknown: its lease finds it."""
    _ADD_INTENT.run(intent)


def close_intent(lease: str, **values: Any) -> None:
    """Ends the open intent of this lease; ``values`` are all of `RENEWED`."""
    _CLOSE_INTENT.run(lease=lease, **values)


_SYSTEM_FAULT = PreparedSelect(
    lambda: ClientFault.objects.filter(provider=param(ClientFault, "provider"), profile=None).order_by()
)
_CUSTOM_FAULT = PreparedSelect(
    lambda: ClientFault.objects.filter(
        provider=param(ClientFault, "provider"), profile_id=param(ClientFault, "profile_id")
    ).order_by()
)


def client_fault_of(provider: str, profile_id: int | None) -> ClientFault | None:
    """The fault of the System client, or of this profile's."""
    if profile_id is None:
        return _SYSTEM_FAULT.first(provider=provider)
    return _CUSTOM_FAULT.first(provider=provider, profile_id=profile_id)
