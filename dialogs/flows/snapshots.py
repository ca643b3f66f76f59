"""Snapshots of drafts: taken whenever *Talk to Bot* runs an edited draft, and deleted once nothing runs them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from dialogs.models import Conversation, DialogTask, Version

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How old a snapshot is at least: a turn that has begun with it is long over.
KEPT: Final = timedelta(days=1)


def prune_snapshots() -> int:
    """Deletes snapshots that are no draft's and that no conversation is in; how many.

    Published versions stay. Two queries, and three more for each task that has some.
    """
    stale = Version.objects.filter(number=None, created_at__lt=timezone.now() - KEPT)
    tasks = list(stale.order_by().values_list("task_id", flat=True).distinct())
    in_use = _named_by_conversations() if tasks else frozenset()
    return sum(_prune(task, in_use) for task in tasks)


@transaction.atomic
def _prune(task_id: int, in_use: frozenset[int]) -> int:
    # Whoever takes a snapshot of this task meanwhile waits, and finds none that is about to go.
    task = DialogTask.objects.select_for_update().only("snapshot_id", "published_id").get(pk=task_id)
    old = Version.objects.filter(task=task, number=None, created_at__lt=timezone.now() - KEPT)
    keys = set(old.values_list("pk", flat=True)) - in_use - {task.snapshot_id, task.published_id}
    return Version.objects.filter(pk__in=keys).delete()[0]


def _named_by_conversations() -> frozenset[int]:
    """The keys of versions that a state may name; a number that is none does no harm but to keep one longer."""
    states = Conversation.objects.filter(draft=True).order_by().values_list("state", flat=True)
    return frozenset(int(text) for state in states.iterator() for text in _texts(state) if _is_key(text))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19  # noqa: PLR2004 -- as a key of the database


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
