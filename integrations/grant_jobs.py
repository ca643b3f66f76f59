"""Celery jobs about the life of grants: mails when one is gone or will end, and sites that join one."""

from __future__ import annotations

import smtplib
from typing import Any

from celery import shared_task

from integrations.flows import client_fault_mails, endings, notices

#: A mail server that does not take a mail is tried again after 30 seconds, a minute, two …, for half an hour.
MAIL: dict[str, Any] = {
    "autoretry_for": (smtplib.SMTPException, OSError),
    "retry_backoff": 30,
    "retry_backoff_max": 600,
    "max_retries": 6,
}


@shared_task(name="integrations.jobs.tell_action_error")
def tell_action_error(action_id: int) -> int:
    """Hands out the mails about an action that went to error; once per error."""
    return notices.tell_action_error(action_id)


@shared_task(name="integrations.jobs.tell_action_errors")
def tell_action_errors() -> int:
    """The same for every error of which nobody was told, because its job was lost on the way."""
    return sum(notices.tell_action_error(pk) for pk in notices.untold())


@shared_task(name="integrations.jobs.mail_action_error", **MAIL)
def mail_action_error(action_id: int, user_id: int, stamp: str) -> None:
    """One mail to one owner or developer."""
    notices.mail_action_error(action_id, user_id, stamp)


@shared_task(name="integrations.jobs.ask_person_again")
def ask_person_again(connection_id: int) -> None:
    """A new link for an end user whose grant is gone."""
    notices.ask_person_again(connection_id)


@shared_task(name="integrations.jobs.ask_people_again")
def ask_people_again() -> int:
    """The same for everybody who was not asked, because their job was lost on the way; how many were asked."""
    return sum(notices.ask_person_again(pk) for pk in notices.unasked())


@shared_task(name="integrations.jobs.tell_client_fault")
def tell_client_fault(fault_id: int) -> int:
    """Hands out the mails about a client that its provider refuses; once per fault."""
    return client_fault_mails.tell_client_fault(fault_id)


@shared_task(name="integrations.jobs.tell_client_faults")
def tell_client_faults() -> int:
    """The same for every fault of which nobody was told, because its job was lost on the way."""
    return sum(client_fault_mails.tell_client_fault(pk) for pk in client_fault_mails.untold_faults())


@shared_task(name="integrations.jobs.mail_client_fault", **MAIL)
def mail_client_fault(fault_id: int, user_id: int, stamp: str) -> None:
    """One mail to one who can correct the client."""
    client_fault_mails.mail_client_fault(fault_id, user_id, stamp)


@shared_task(name="integrations.jobs.warn_of_endings")
def warn_of_endings() -> int:
    """Daily: hands out one job per connection that ends within two weeks; how many."""
    count = 0
    for count, pk in enumerate(endings.ending(), 1):  # noqa: B007 -- the count outlives the loop
        warn_of_ending.apply_async((pk,))
    return count


@shared_task(name="integrations.jobs.warn_of_ending")
def warn_of_ending(connection_id: int) -> None:
    """The mails about one connection that ends soon; once per end."""
    endings.warn(connection_id)


@shared_task(name="integrations.jobs.mail_grant_ending", **MAIL)
def mail_grant_ending(connection_id: int, user_id: int | None, end: str) -> None:
    """One mail to one person."""
    endings.mail(connection_id, user_id, end)
