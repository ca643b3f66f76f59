"""Warnings before a grant ends for lack of use, or because its time is up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from integrations.catalog import registry
from integrations.models import Connection

from . import audit
from .notices import hand_out, menders, send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

#: How long before the end people are warned.
AHEAD = timedelta(days=14)


def ending() -> Iterator[int]:
    """Connections that end soon and whose people were not warned of this end yet. Reads an index, a chunk at a time."""
    now = timezone.now()
    soon = _unwarned().filter(refresh_expires_at__gt=now, refresh_expires_at__lte=now + AHEAD)
    return soon.order_by("refresh_expires_at", "pk").values_list("pk", flat=True).iterator(chunk_size=500)


def _unwarned() -> QuerySet[Connection]:
    rows = Connection.objects.filter(state=Connection.State.CONNECTED, action__first_enabled_at__isnull=False)
    return rows.exclude(warned_for__isnull=False, warned_for=F("refresh_expires_at"))


def warn(connection_id: int) -> int:
    """Hands out the mails of one connection; how many. One UPDATE lets one caller do it per end."""
    row = Connection.objects.select_related("action__app", "end_user").filter(pk=connection_id).first()
    end = row.refresh_expires_at if row else None
    if row is None or end is None:
        return 0
    people = _people(row)
    with transaction.atomic():
        if not _unwarned().filter(pk=row.pk, refresh_expires_at=end).update(warned_for=end):
            return 0
        for user_id in people:
            hand_out("mail_grant_ending", connection_id=row.pk, user_id=user_id, end=end.isoformat())
        if people:
            audit.note_about(row, audit.Verb.WARNED, details={"mails": len(people), "end": end.date().isoformat()})
    return len(people)


def _people(row: Connection) -> list[int | None]:
    """Staff by their ids; None stands for the end user whose grant it is."""
    if row.end_user is None:
        return [person.pk for person in menders(row.action.app)]
    return [None] if row.end_user.email else []


def mail(connection_id: int, user_id: int | None, end: str) -> bool:
    """Mails one of them, unless the end has moved meanwhile. Raises what the mail backend raises."""
    rows = Connection.objects.select_related("action__app", "end_user")
    row = rows.filter(
        pk=connection_id, state=Connection.State.CONNECTED, warned_for=datetime.fromisoformat(end)
    ).first()
    if row is None or row.refresh_expires_at != row.warned_for:
        return False
    if user_id is None:
        to = row.end_user.email if row.end_user else ""
        page = ""
    else:
        to = next((one.email for one in menders(row.action.app) if one.pk == user_id), "")
        page = f"{settings.XO_BASE_URL}{reverse('admin:app_action', args=[row.action.app.slug, row.action.provider])}"
    if to:
        send("grant_ending", to, **_told(row), url=page)
    return bool(to)


def _told(row: Connection) -> dict[str, Any]:
    return {
        "app": row.action.app.name,
        "provider": registry.provider(row.action.provider).manifest.title,
        "account": row.account_name or row.account_id,
        "site": row.site_name,
        "end": row.refresh_expires_at,
        "by_use": row.kind == Connection.Kind.OAUTH,
    }
