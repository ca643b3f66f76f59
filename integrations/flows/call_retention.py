"""How long it is kept what was sent and received in calls. That there was a call stays known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q

from integrations.models import OperationCall

if TYPE_CHECKING:
    from datetime import datetime

#: Rows that one statement looks at.
AT_A_TIME: Final = 1000


def empty_calls(before: datetime) -> int:
    """Empties requests and answers of calls made before then; how many. One that is repeated does no harm."""
    full = ~Q(request={}) | ~Q(response={})
    old = OperationCall.objects.filter(full, created_at__lt=before).order_by("pk").values_list("pk", flat=True)
    emptied, last = 0, 0
    while keys := list(old.filter(pk__gt=last)[:AT_A_TIME]):
        emptied += OperationCall.objects.filter(pk__in=keys).update(request={}, response={})
        last = keys[-1]
    return emptied
