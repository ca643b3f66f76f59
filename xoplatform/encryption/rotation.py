"""Brings every stored secret under the first key, a page at a time, and retires the older keys when none is left.

May be killed at any instant and run by several processes at once: values and progress are committed together, and
progress is taken only from where it was read.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from xoplatform.core.keyring import fingerprints
from xoplatform.models import SecretRotation

from . import keys, reencryption

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from xoplatform.core.fields import EncryptedTextField

#: Between two rounds: by then processes with the old key have been restarted, and what they stored is found.
SETTLE = timedelta(minutes=10)
#: How often it is looked again while an older key is still kept, or is lost.
LOOK_AGAIN = timedelta(days=1)
#: A rotation that moved within this time is in somebody's hands.
IN_HANDS = timedelta(minutes=1)


def rows() -> QuerySet[SecretRotation]:
    """The progress of every column under the first key."""
    return SecretRotation.objects.filter(fingerprint=fingerprints()[0])


def in_hands() -> bool:
    """Whether somebody is at it right now: something moved a moment ago, and there is more to do."""
    found, lately = list(rows()), timezone.now() - IN_HANDS
    is_moving = any(row.moved_at > lately for row in found)
    return is_moving and any(row.ended_at is None and not _rests(row, SETTLE) for row in found)


def advance(seconds: float, *, settle: timedelta = SETTLE, page: int = reencryption.SIZE) -> bool:
    """Works for about this long; whether there is more to do at once.

    Nothing is done by a process that does not have the newest key in front.
    """
    if not keys.leads():
        return False
    until = time.monotonic() + seconds
    _reopen()
    for column, row in _open(settle):
        while row.ended_at is None and not _rests(row, settle):
            _step(column, row, page)
            if time.monotonic() > until:
                return True
    return False


def start() -> None:
    """What an operator asks for: the key in front leads from now on, and everything is looked at again."""
    late = timezone.now() - SETTLE
    if keys.lead():
        rows().update(round=1, found=0, unreadable=0, last_pk="", ended_at=None, moved_at=late)
    else:
        rows().exclude(ended_at=None).update(**_next_round(), ended_at=None, moved_at=late)
    for column in reencryption.encrypted_fields():
        SecretRotation.objects.get_or_create(fingerprint=fingerprints()[0], column=str(column))


def ended() -> bool:
    """Whether every column's last round found nothing under an older key."""
    done = set(rows().exclude(ended_at=None).values_list("column", flat=True))
    return all(str(column) in done for column in reencryption.encrypted_fields())


def unreadable() -> int:
    """Values that no key reads, as of the last round."""
    return int(rows().aggregate(all=Sum("unreadable"))["all"] or 0)


def _open(settle: timedelta) -> list[tuple[EncryptedTextField, SecretRotation]]:
    if not keys.is_rotating() and not rows().filter(ended_at=None).exists():
        return []
    front = fingerprints()[0]
    found = []
    for column in reencryption.encrypted_fields():
        row, _created = SecretRotation.objects.get_or_create(fingerprint=front, column=str(column))
        if row.ended_at is None and not _rests(row, settle):
            found.append((column, row))
    return found


def _rests(row: SecretRotation, settle: timedelta) -> bool:
    return row.round > 1 and not row.last_pk and timezone.now() < row.moved_at + settle


def _step(column: EncryptedTextField, row: SecretRotation, size: int) -> None:
    """One page, and how far we are: committed together, or neither."""
    page = reencryption.read(column, row.last_pk, size)
    here = SecretRotation.objects.filter(pk=row.pk, round=row.round, last_pk=row.last_pk, ended_at=None)
    now = timezone.now()
    if page.last is None:
        _end_round(row, here, now)
    else:
        with transaction.atomic():
            written = reencryption.write(column, page)
            here.update(
                last_pk=str(page.last),
                found=F("found") + len(page.writes),
                done=F("done") + written,
                unreadable=F("unreadable") + page.unreadable,
                moved_at=now,
            )
    row.refresh_from_db()  # somebody else may have been quicker


def _end_round(row: SecretRotation, here: QuerySet[SecretRotation], now: datetime) -> None:
    if row.round > 1 and not row.found:
        with transaction.atomic():
            if here.update(ended_at=now, moved_at=now) and ended():
                keys.retire(unread=unreadable())
        return
    if row.round > 1:
        keys.recall()
    here.update(**_next_round(), moved_at=now)


def _next_round() -> dict[str, object]:
    return {"round": F("round") + 1, "found": 0, "unreadable": 0, "last_pk": ""}


def _reopen() -> None:
    """Looks again at what has ended: at once when an older key came since, otherwise now and then."""
    if not ended():
        return
    done, now = rows().exclude(ended_at=None), timezone.now()
    if not keys.has_needed():
        done = done.filter(ended_at__lt=now - LOOK_AGAIN)
    if keys.is_rotating() or len(fingerprints()) > 1:
        done.update(**_next_round(), ended_at=None, moved_at=now - SETTLE)
