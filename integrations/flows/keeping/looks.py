"""Once a day a grant is asked whether it reaches new sites: with the token of a renewal, never by a renewal."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from integrations.flows import sites
from integrations.flows.refresh import MARGIN
from integrations.models import Connection
from xoplatform.core.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

log = logging.getLogger(__name__)

#: How many connections one job asks for, and the seconds it spends on them at most; the rest waits for a day.
TOGETHER, BUDGET = 20, 120.0


def wanting_a_look(renewed: Sequence[int]) -> Iterator[list[int]]:
    """Those of the connections just renewed that were not asked for a day, some at a time."""
    old = Q(sites_looked_at=None) | Q(sites_looked_at__lt=timezone.now() - sites.LOOK_EVERY)
    rows = Connection.objects.filter(old, state=Connection.State.CONNECTED, kind=Connection.Kind.OAUTH)
    for at in range(0, len(renewed), TOGETHER):
        if wanted := list(rows.filter(pk__in=renewed[at : at + TOGETHER]).values_list("pk", flat=True)):
            yield wanted


def look(connection_ids: Sequence[int]) -> int:
    """Asks for the sites of these grants, as far as a living token is at hand; how many were asked."""
    end, asked = time.monotonic() + BUDGET, 0
    for row in Connection.objects.filter(pk__in=connection_ids).defer("refresh_token"):
        if not row.lives_for(MARGIN) or time.monotonic() > end:
            continue
        try:
            sites.look(row.pk)
            asked += 1
        except PlatformError as error:
            log.info("The sites of a grant were not read", extra={"connection": row.pk, "reason": error.code})
    return asked
