"""Who has a task's canvas open now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from dialogs.models import Presence

from .edit_log import called

if TYPE_CHECKING:
    import uuid

    from dialogs.models import DialogTask

#: Who was not heard of for so long is not there any more.
SEEN: Final = timedelta(seconds=30)
#: When a row is not even worth keeping.
FORGOTTEN: Final = timedelta(hours=1)


def here(task: DialogTask, user: Any, client: uuid.UUID, node: str = "") -> None:
    """Notes that somebody has the canvas open in this tab, with this node selected."""
    now = timezone.now()
    values = {"user": user, "node": node, "seen_at": now}
    _row, new = Presence.objects.update_or_create(task=task, client=client, defaults=values)
    if new:
        Presence.objects.filter(task=task, seen_at__lt=now - FORGOTTEN).delete()


def forget() -> int:
    """Deletes rows of tabs that were closed without a word; how many."""
    return Presence.objects.filter(seen_at__lt=timezone.now() - FORGOTTEN).delete()[0]


def gone(task: DialogTask, client: uuid.UUID) -> None:
    """Notes that a tab was closed."""
    Presence.objects.filter(task=task, client=client).delete()


def others(task: DialogTask, client: uuid.UUID | None) -> list[dict[str, Any]]:
    """Everybody else, in the order in which they came, as {client, name, node, seen}; one query."""
    rows = Presence.objects.filter(task=task, seen_at__gte=timezone.now() - SEEN).select_related("user")
    return [
        {"client": str(row.client), "name": called(row.user), "node": row.node, "seen": row.seen_at.isoformat()}
        for row in rows.order_by("pk")
        if row.client != client
    ]
