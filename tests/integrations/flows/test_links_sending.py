from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.utils import timezone

from integrations.flows import links
from integrations.flows.links import pace
from integrations.models import Action, AuditEntry, AuthorizationLink, MailPace
from tests.factories import ConnectionFactory

from .mailing import STUBBORN, Stubborn, allowing, batch_of, people, person, send_all, time_passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.conf import LazySettings
    from django.core.mail import EmailMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stubborn(settings: LazySettings) -> Iterator[type[Stubborn]]:
    settings.EMAIL_BACKEND = STUBBORN
    Stubborn.behave()
    yield Stubborn
    Stubborn.behave()


def refuse(error: BaseException) -> Any:
    def answer(_message: EmailMessage) -> None:
        raise error

    return staticmethod(answer)


def no_connection() -> None:
    raise ConnectionRefusedError(111, "Connection refused")


def queued() -> AuthorizationLink:
    action = allowing()
    return links.send(action, person(action))


def state_of(link: AuthorizationLink) -> tuple[str, str]:
    link.refresh_from_db()
    return link.state, link.delivery


def test_the_mail_carries_a_link_that_works_and_a_token_of_its_own() -> None:
    link = queued()
    before = link.token_hash
    send_all()
    link.refresh_from_db()
    assert link.token_hash != before
    url = next(line for line in mail.outbox[0].body.splitlines() if "/authorize/" in line)
    assert links.resolve(url.rstrip("/").rpartition("/")[2]) == link
    assert (link.delivery, link.send_attempts) == ("sent", 1)
    assert link.sent_at


def test_a_sent_mail_is_noted_in_the_audit_without_the_address() -> None:
    link = queued()
    send_all()
    entry = AuditEntry.objects.get(verb="link_sent")
    assert entry.end_user == link.end_user
    assert link.end_user.email not in str(entry.details)


def test_a_mail_that_is_put_off_is_tried_again_later_and_later(stubborn: type[Stubborn]) -> None:
    link = queued()
    stubborn.answer = refuse(smtplib.SMTPDataError(451, b"busy, come back"))
    links.send_slice()
    assert state_of(link) == ("pending", "queued")
    first = link.send_after
    assert first
    assert first > timezone.now() + timedelta(seconds=50)
    time_passes()
    links.send_slice()
    link.refresh_from_db()
    assert link.send_after
    assert link.send_after > timezone.now() + timedelta(seconds=110)
    stubborn.behave()
    time_passes()
    send_all()
    assert state_of(link) == ("pending", "sent")
    assert len(mail.outbox) == 1


def test_a_mail_that_is_put_off_for_ever_fails_in_words(stubborn: type[Stubborn]) -> None:
    link = queued()
    stubborn.answer = refuse(smtplib.SMTPDataError(451, b"busy"))
    for _try in range(8):
        links.send_slice()
        time_passes(timedelta(days=1))
    assert state_of(link) == ("pending", "failed")
    assert link.send_attempts == 6
    assert "451" in link.send_error


def test_a_refused_address_is_not_tried_again(stubborn: type[Stubborn]) -> None:
    link = queued()
    stubborn.answer = refuse(smtplib.SMTPRecipientsRefused({link.end_user.email: (550, b"no such user")}))
    links.send_slice()
    assert state_of(link) == ("pending", "failed")
    assert "550" in link.send_error
    assert AuditEntry.objects.filter(verb="link_failed").count() == 1


@pytest.mark.parametrize("error", [smtplib.SMTPServerDisconnected("gone"), TimeoutError(), RuntimeError("anything")])
def test_a_mail_whose_fate_is_unknown_is_shown_as_such_and_not_sent_again(
    stubborn: type[Stubborn], error: BaseException
) -> None:
    link = queued()
    stubborn.answer = refuse(error)
    links.send_slice()
    assert state_of(link) == ("pending", "unknown")
    stubborn.behave()
    time_passes(timedelta(days=1))
    send_all()
    assert mail.outbox == []


def test_a_server_that_takes_no_connection_costs_no_mail_and_is_asked_less_often(stubborn: type[Stubborn]) -> None:
    link = queued()
    stubborn.opening = staticmethod(no_connection)
    waits = []
    for _try in range(3):
        MailPace.objects.update(next_at=timezone.now() - timedelta(seconds=1))
        waits.append(links.send_slice()[1])
    assert waits == [15.0, 30.0, 60.0]
    assert state_of(link) == ("pending", "queued")
    assert link.send_attempts == 0
    assert "Connection refused" in pace.trouble()
    stubborn.behave()
    send_all()
    assert pace.trouble() == ""
    assert state_of(link) == ("pending", "sent")


def test_mails_leave_no_faster_than_the_operator_allows(settings: LazySettings) -> None:
    settings.XO_LINK_MAILS_PER_MINUTE = 60
    action = allowing()
    people(action, 25)
    batch_of(action)
    assert links.send_slice()[0]
    assert len(mail.outbox) == 10
    came, wait = links.send_slice()
    assert not came
    assert wait
    assert 8 < wait <= 10
    assert len(mail.outbox) == 10


def test_a_turn_that_was_not_needed_is_given_back() -> None:
    queued()
    links.send_slice()
    assert pace.seconds_until_turn() < 1


def test_a_rate_below_one_in_ten_seconds_is_kept_too(settings: LazySettings) -> None:
    settings.XO_LINK_MAILS_PER_MINUTE = 2
    people(action := allowing(), 3)
    batch_of(action)
    links.send_slice()
    assert len(mail.outbox) == 1
    assert pace.seconds_until_turn() > 25


def test_a_single_mail_does_not_wait_behind_a_batch(settings: LazySettings) -> None:
    settings.XO_LINK_MAILS_PER_MINUTE = 6
    action = allowing()
    people(action, 5)
    batch_of(action)
    late = person(action, email="late@example.com")
    links.send(action, late)
    links.send_slice()
    assert [message.to for message in mail.outbox] == [["late@example.com"]]


@pytest.mark.parametrize("status", ["disabled", "available"])
def test_mails_wait_while_the_action_is_off(status: str) -> None:
    link = queued()
    Action.objects.update(status=status)
    send_all()
    assert state_of(link) == ("pending", "queued")
    Action.objects.update(status="enabled")
    send_all()
    assert state_of(link) == ("pending", "sent")


def test_nobody_is_mailed_who_authorized_meanwhile() -> None:
    link = queued()
    ConnectionFactory(action=link.action, end_user=link.end_user)
    send_all()
    assert mail.outbox == []
    assert state_of(link) == ("revoked", "none")


def test_a_revoked_link_is_not_sent() -> None:
    link = queued()
    links.revoke(link)
    send_all()
    assert mail.outbox == []
    assert state_of(link) == ("revoked", "none")
    assert not links.something_to_send()


def test_a_claimed_mail_is_not_sent_by_a_second_worker(stubborn: type[Stubborn]) -> None:
    """While one hands a mail over, another that read the same list comes by."""
    link = queued()

    def meanwhile(_message: EmailMessage) -> None:
        stubborn.behave()
        MailPace.objects.update(next_at=timezone.now() - timedelta(seconds=1))
        links.send_slice()

    stubborn.answer = staticmethod(meanwhile)
    send_all()
    assert len(mail.outbox) == 1
    assert state_of(link) == ("pending", "sent")
