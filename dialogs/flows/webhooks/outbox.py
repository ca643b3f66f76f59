"""Records events in the transaction of what they tell of.

Which types an App's webhooks listen to is known to each process for a few seconds, so that a turn of an App without
webhooks makes no query for them. A webhook that was just made in another process is told of what happens from then on.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from django.db import transaction

from dialogs.errors import QueueUnreachable
from dialogs.flows.queue import enqueue
from dialogs.models import Webhook, WebhookEvent

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Seconds for which a process knows what an App's webhooks listen to.
KNOWN_FOR: Final = 5.0

_known: dict[int, tuple[float, frozenset[str]]] = {}


def wanted(app_id: int) -> frozenset[str]:
    """The types that the App's active webhooks listen to. One query at most every `KNOWN_FOR` seconds."""
    found = _known.get(app_id)
    if found is None or found[0] < time.monotonic():
        chosen = Webhook.objects.filter(app_id=app_id, active=True).order_by().values_list("events", flat=True)
        found = time.monotonic() + KNOWN_FOR, frozenset(type_ for types in chosen for type_ in types)
        _known[app_id] = found
    return found[1]


def forget(app_id: int | None = None) -> None:
    """Has this process look again: for one App whose webhooks it changed, or for all of them."""
    if app_id is None:
        _known.clear()
    else:
        _known.pop(app_id, None)


def record(events: Sequence[WebhookEvent]) -> None:
    """Stores events with whatever is being committed, and has them handed out right after."""
    if events:
        stored = WebhookEvent.objects.bulk_create(events)
        transaction.on_commit(partial(_tell, [event.pk for event in stored]))


def _tell(event_ids: list[int]) -> None:
    try:
        enqueue("hand_out_events", event_ids=event_ids)
    except QueueUnreachable:
        # The sweep finds them, and nothing that happened may fail because nobody could be told.
        return
