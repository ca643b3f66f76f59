"""Celery jobs of the frame."""

from __future__ import annotations

from smtplib import SMTPException

from celery import shared_task

from . import key_notices
from .encryption import keys, rotation
from .rest import idempotency

#: Seconds of one slice: short, so that a worker that is to stop is never long in coming.
SLICE = 5.0


@shared_task
def rotate_secrets(*, goes_on: bool = False) -> None:
    """Notes the encryption keys, and brings what is stored under the first one a slice further.

    ``goes_on``: called by the slice before. The clock's call leaves alone what is in somebody's hands, and picks up
    what was in those of a process that died.
    """
    keys.note()
    if not goes_on and rotation.in_hands():
        return
    if rotation.advance(SLICE):
        rotate_secrets.apply_async(kwargs={"goes_on": True}, countdown=0.1)


@shared_task
def forget_kept_answers() -> int:
    """Hourly: deletes answers to requests with an Idempotency-Key that were kept for a day."""
    return idempotency.prune()


@shared_task
def warn_of_ending_keys() -> int:
    """Daily: tells owners of API keys in use that will expire soon."""
    return key_notices.warn()


@shared_task(autoretry_for=(SMTPException, OSError), retry_backoff=30, retry_backoff_max=600, max_retries=6)
def mail_key_ending(key_id: int, user_id: int, end: str) -> bool:
    """One of those mails."""
    return key_notices.mail(key_id, user_id, end)
