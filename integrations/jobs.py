"""Celery jobs of integrations. Arguments are ids, never tokens."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from integrations import grant_jobs, link_jobs
from integrations.flows import holding, sites
from integrations.flows.refresh import access_token
from integrations.models import Connection
from xoplatform.core.errors import PlatformError

__all__ = ["forget_lapsed_grants", "grant_jobs", "link_jobs", "refresh_connection", "refresh_due_connections"]

log = logging.getLogger(__name__)

#: Tokens that end within this time are renewed ahead.
AHEAD = timedelta(minutes=10)
#: Connections that one beat hands out; the next beat takes the rest.
BATCH = 5000


@shared_task
def refresh_due_connections() -> int:
    """Hands out one job per connection whose token ends soon; how many. Reads nothing but the index on the expiry.

    A beat that runs twice does no harm: the second job finds a fresh token.
    """
    soon = timezone.now() + AHEAD
    due = Connection.objects.filter(state=Connection.State.CONNECTED, expires_at__lt=soon)
    ids = list(due.order_by("expires_at").values_list("pk", flat=True)[:BATCH])
    for pk in ids:
        refresh_connection.apply_async((pk,), expires=AHEAD.total_seconds())
    return len(ids)


@shared_task
def refresh_connection(connection_id: int) -> None:
    """Renews one connection's token if it ends soon, and looks for new sites of the grant, once a day.

    A failure is noted on the connection and tried again later.
    """
    try:
        access_token(connection_id, margin=AHEAD.total_seconds())
        sites.look(connection_id)
    except PlatformError as error:
        log.info("A token was not renewed", extra={"connection": connection_id, "reason": error.code})


@shared_task
def forget_lapsed_grants() -> int:
    """Erases the tokens of people who allowed access and never confirmed whose account it was; how many."""
    return holding.forget_lapsed()
