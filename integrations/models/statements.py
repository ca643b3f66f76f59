"""The statement of every call, compiled once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from xoplatform.core.prepared import PreparedSelect, param

from .action import Action
from .connection import Connection

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: The id of no end user: keys begin at one.
NOBODY = 0


def _grants() -> QuerySet[Connection]:
    shared = Q(end_user=None, action__authorization_type=Action.AuthorizationType.PRE_AUTHORIZE)
    own = Q(end_user=param(Connection, "end_user_id"), action__authorization_type=Action.AuthorizationType.ALLOW_USERS)
    rows = Connection.objects.select_related("action__app", "action__profile")
    return rows.filter(
        shared | own, action__app=param(Action, "app_id"), action__provider=param(Action, "provider")
    ).order_by()


_GRANT = PreparedSelect(_grants)


def grant_of(app_id: int, end_user_id: int | None, provider: str) -> Connection | None:
    """The connection to act with, its action and App beside it. Nobody's grant ever serves another person."""
    return _GRANT.first(app_id=app_id, end_user_id=end_user_id or NOBODY, provider=provider)
