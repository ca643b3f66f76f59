"""How fast mails leave: one rate for the whole installation, kept in one row of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from integrations.models import MailPace

ROW = 1
#: Seconds of the rate that one slice takes, so that a job is short and a rate is kept evenly.
SLICE = 10.0
#: Mails of one slice at most, so that a slow mail server does not carry a job past its time limit.
LARGEST = 100
#: Seconds before a mail server that does not answer is tried again, doubled at every failure up to the longest.
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 1800.0


@dataclass(frozen=True)
class Turn:
    """Permission to send so many mails now; ``next_in`` seconds the next turn begins."""

    mails: int
    next_in: float


def take_turn() -> Turn | None:
    """The right to send the next slice, or None while it is not time yet or another worker took it."""
    now = timezone.now()
    row, _created = MailPace.objects.get_or_create(pk=ROW, defaults={"next_at": now})
    if row.next_at > now:
        return None
    per_second: float = settings.XO_LINK_MAILS_PER_MINUTE / 60
    mails = min(LARGEST, max(1, int(per_second * SLICE)))
    seconds = mails / per_second
    mine = MailPace.objects.filter(pk=ROW, next_at=row.next_at).update(next_at=now + timedelta(seconds=seconds))
    return Turn(mails, seconds) if mine else None


def seconds_until_turn() -> float:
    """How long until the next slice may be sent."""
    due = MailPace.objects.filter(pk=ROW).values_list("next_at", flat=True).first()
    return max(0.0, (due - timezone.now()).total_seconds()) if due else 0.0


def give_back(turn: Turn, unused: int) -> None:
    """Lets the next turn begin earlier by the share of the mails that were not sent."""
    if unused <= 0:
        return
    row = MailPace.objects.get(pk=ROW)
    earlier = row.next_at - timedelta(seconds=turn.next_in * unused / turn.mails)
    MailPace.objects.filter(pk=ROW, next_at=row.next_at).update(next_at=earlier)


def server_failed(words: str) -> float:
    """Notes that the mail server did not take a connection. Seconds until it is tried again."""
    failures = MailPace.objects.get(pk=ROW).failures + 1
    pause: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1))
    MailPace.objects.filter(pk=ROW).update(
        failures=failures, last_error=words, next_at=timezone.now() + timedelta(seconds=pause)
    )
    return pause


def server_answered() -> None:
    """Forgets earlier failures."""
    MailPace.objects.filter(pk=ROW, failures__gt=0).update(failures=0, last_error="")


def trouble() -> str:
    """What keeps mails from leaving, in words; empty when nothing does."""
    return MailPace.objects.filter(pk=ROW).values_list("last_error", flat=True).first() or ""
