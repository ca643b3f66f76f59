"""Whether calls could be made for a person right now, without making one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db.models import Q
from django.utils import timezone

from integrations.errors import UnknownProvider
from integrations.models import Action, Connection

from .call import Stop, grant_for
from .links.codes import ATTEMPTS
from .links.finding import live
from .traces import mark_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

PRE_AUTHORIZE, ALLOW_USERS = Action.AuthorizationType.PRE_AUTHORIZE, Action.AuthorizationType.ALLOW_USERS


@dataclass(frozen=True)
class Readiness:
    """``outcome`` is "ready", or what a call would come to, with ``message`` for people.

    ``grant`` marks the grant that calls would be made with: it changes with every consent, and with nothing else.
    """

    outcome: Literal["ready", "authorization_required", "refused"]
    message: str = ""
    grant: str = ""


@dataclass(frozen=True)
class UsableGrant:
    """A grant that calls can be made with; ``end_user_id`` is None where it serves everybody who talks to the App."""

    app_id: int
    end_user_id: int | None
    provider: str
    grant: str


def readiness(app_id: int, end_user_id: int | None, provider: str) -> Readiness:
    """See `integrations.api.readiness`."""
    try:
        connection = grant_for(app_id, end_user_id, provider)
    except Stop as stop:
        return Readiness("refused" if stop.outcome == "refused" else "authorization_required", stop.message)
    except UnknownProvider as error:
        return Readiness("refused", error.message)
    return Readiness("ready", grant=mark_of(connection))


def may_invite(app_id: int, provider: str) -> bool:
    """Whether it is for each end user to authorize this provider."""
    rows = Action.objects.filter(app_id=app_id, provider=provider, authorization_type=ALLOW_USERS)
    return rows.filter(status=Action.Status.ENABLED).exists()


def code_tries_left(app_id: int, end_user_id: int, provider: str) -> int | None:
    """How often this person may still type a code; None when no page shows them one."""
    rows = live().filter(action__app_id=app_id, action__provider=provider, end_user_id=end_user_id)
    shown = rows.exclude(code_hash="").filter(code_expires_at__gt=timezone.now())
    return max((ATTEMPTS - used for used in shown.values_list("code_attempts", flat=True)), default=None)


def usable_grants(app_ids: Collection[int], end_user_ids: Collection[int]) -> Iterator[UsableGrant]:
    """The grants that these Apps have of their own or for these people, in one query."""
    own = Q(end_user=None, action__authorization_type=PRE_AUTHORIZE)
    theirs = Q(end_user_id__in=end_user_ids, action__authorization_type=ALLOW_USERS)
    rows = Connection.objects.filter(
        own | theirs,
        action__app_id__in=app_ids,
        action__status=Action.Status.ENABLED,
        state=Connection.State.CONNECTED,
    )
    for row in rows.select_related("action").only("end_user_id", "authorized_at", "action__app_id", "action__provider"):
        yield UsableGrant(row.action.app_id, row.end_user_id, row.action.provider, mark_of(row))
