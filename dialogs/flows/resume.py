"""Conversations that wait for an authorization go on by themselves once it is there."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from dialogs.engine.pending import Pending
from dialogs.engine.state import State
from dialogs.models import Conversation
from integrations import api

from .converse import Patience
from .perform import Answer, perform
from .recover import recover
from .turns import Said, StaleError, Work

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Sequence

BY_ITSELF = Said(text=None)
#: Seconds between two looks for what was left behind, and conversations that one look reads at a time.
PERIOD, AT_A_TIME = 60, 500


class Waiting(NamedTuple):
    """A conversation that waits, and the grant that would not do when it began to."""

    public_id: uuid.UUID
    app_id: int
    end_user_id: int
    provider: str
    grant: str | None


def waiting_for(app_id: int, end_user_id: int | None) -> list[uuid.UUID]:
    """Conversations that a new grant may set going: this person's, or everybody's when the App's own was given."""
    rows = Conversation.objects.filter(app_id=app_id, status=Conversation.Status.WAITING)
    if end_user_id is not None:
        rows = rows.filter(end_user_id=end_user_id)
    return list(rows.order_by("pk").values_list("public_id", flat=True))


def overdue() -> list[uuid.UUID]:
    """Conversations that wait although what they wait for is there. Two queries for every `AT_A_TIME` that wait."""
    rows = Conversation.objects.filter(status=Conversation.Status.WAITING).order_by("pk")
    awaited = rows.values_list(
        "public_id", "app_id", "end_user_id", "state__authorization__provider", "state__authorization__grant"
    )
    waiting = (Waiting(*row) for row in awaited.iterator(AT_A_TIME))
    batches = iter(lambda: list(islice(waiting, AT_A_TIME)), [])
    return [row.public_id for batch in batches for row in _ready(batch)]


def _ready(batch: Sequence[Waiting]) -> Iterator[Waiting]:
    given = api.usable_grants({row.app_id for row in batch}, {row.end_user_id for row in batch})
    marks = {(grant.app_id, grant.end_user_id, grant.provider): grant.grant for grant in given}
    for row in batch:
        own, theirs = ((row.app_id, person, row.provider) for person in (None, row.end_user_id))
        mark = marks.get(own) or marks.get(theirs)
        if mark and mark != row.grant:
            yield row


def resume_conversation(public_id: uuid.UUID, patience: Patience | None = None) -> Answer | None:
    """Goes on from the node that waits; None when the conversation waits no more, or nobody has authorized since.

    Raises StillWorking when another turn holds it for too long.
    """
    patience = patience or Patience()
    while True:
        waiting = Conversation.objects.filter(public_id=public_id, status=Conversation.Status.WAITING)
        row = waiting.select_related("app", "end_user").first()
        if row is None:
            return None
        try:
            if not row.claim:
                return perform(Work(row, BY_ITSELF)) if _may_go_on(row) else None
            if row.claim_ran_out:
                recover(row)
            else:
                patience.wait()
        except StaleError:
            patience.again()


def _may_go_on(row: Conversation) -> bool:
    """Whether there is a grant that was not there when it began to wait: so news that comes twice does nothing."""
    pending = Pending.of(State.from_json(row.state))
    if not pending.provider:
        return True
    found = api.readiness(row.app_id, row.end_user_id, pending.provider)
    return found.outcome == "ready" and found.grant != pending.grant
