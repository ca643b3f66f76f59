"""How long traces are kept. What was said and answered stays; how the answers came about does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from dialogs.models import Turn

#: Turns that one statement looks at.
AT_A_TIME: Final = 2000


def cutoff() -> datetime | None:
    """Traces from before then are to be emptied; None keeps all of them."""
    days = settings.XO_TRACE_DAYS
    return timezone.now() - timedelta(days=days) if days > 0 else None


def prune_turns(before: datetime) -> int:
    """Empties traces and records of turns from before then; how many. Goes by key, so each look is a short one."""
    full = ~Q(trace={}) | Q(record__isnull=False)
    old = Turn.objects.filter(full, created_at__lt=before).order_by("pk")
    emptied, last = 0, 0
    while keys := list(old.filter(pk__gt=last).values_list("pk", flat=True)[:AT_A_TIME]):
        emptied += Turn.objects.filter(pk__in=keys).update(trace={}, record=None)
        last = keys[-1]
    return emptied
