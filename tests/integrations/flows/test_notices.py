"""Who is told when a grant is gone: everybody who can mend it, and once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.db.models import F
from django.utils import timezone

from integrations import grant_jobs
from integrations.flows import grants, links, notices
from integrations.flows.disconnect import disconnect
from integrations.models import Action, AuditEntry, AuthorizationLink, Connection
from tests.factories import ConnectionFactory, EndUserFactory, MemberFactory, staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """The mails' jobs that were queued, instead of a worker that takes them."""
    jobs: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(notices, "hand_out", lambda job, **arguments: jobs.append((job, arguments)))
    return jobs


@pytest.fixture
def lost() -> Connection:
    """The App's own grant, just refused by the provider."""
    row: Connection = ConnectionFactory()
    assert grants.lose_grant(row, "JIRA no longer accepts the authorization of Ada Example.")
    return row


def deliver(posted: list[tuple[str, dict[str, Any]]]) -> None:
    for name, arguments in posted:
        getattr(grant_jobs, name)(**arguments)


def test_every_owner_and_developer_gets_one_mail(lost: Connection, posted: list[Any]) -> None:
    app = lost.action.app
    told = {staff(app, Role.OWNER).email, staff(app).email, staff(app).email}
    staff(app, Role.VIEWER)
    staff(ConnectionFactory().action.app)
    assert notices.tell_action_error(lost.action_id) == 3
    deliver(posted)
    assert {one.to[0] for one in mail.outbox} == told
    assert len(mail.outbox) == 3


def test_the_mail_says_what_happened_and_leads_to_the_page_that_mends_it(lost: Connection, posted: list[Any]) -> None:
    staff(lost.action.app)
    notices.tell_action_error(lost.action_id)
    deliver(posted)
    (sent,) = mail.outbox
    assert sent.subject == f"JIRA in {lost.action.app} needs authorization"
    assert "no longer accepts the authorization of Ada Example" in sent.body
    assert f"/admin/apps/{lost.action.app.slug}/actions/jira/" in sent.body
    assert f"/admin/apps/{lost.action.app.slug}/actions/jira/" in str(sent.alternatives[0][0])  # type: ignore[attr-defined]
    assert "hidden-" not in sent.body


def test_ten_failing_calls_make_one_mail(lost: Connection, posted: list[Any]) -> None:
    staff(lost.action.app)
    counts = [notices.tell_action_error(lost.action_id) for _call in range(10)]
    assert counts == [1, *[0] * 9]
    assert not list(notices.untold())


def test_a_mail_is_not_sent_for_an_error_that_was_mended_meanwhile(lost: Connection, posted: list[Any]) -> None:
    staff(lost.action.app)
    notices.tell_action_error(lost.action_id)
    grants.mend(lost.action)
    deliver(posted)
    assert mail.outbox == []


def test_the_next_error_is_told_again(lost: Connection, posted: list[Any]) -> None:
    staff(lost.action.app)
    notices.tell_action_error(lost.action_id)
    grants.mend(lost.action)
    assert grants.fail(lost.action, "Gone again.")
    assert notices.tell_action_error(lost.action_id) == 1


def test_people_without_an_address_or_an_active_account_are_left_out(lost: Connection, posted: list[Any]) -> None:
    MemberFactory(app=lost.action.app, user__email="")
    MemberFactory(app=lost.action.app, user__is_active=False)
    assert notices.tell_action_error(lost.action_id) == 0


def test_the_clock_finds_an_error_whose_job_was_lost(lost: Connection, posted: list[Any]) -> None:
    staff(lost.action.app)
    assert grant_jobs.tell_action_errors() == 1
    assert grant_jobs.tell_action_errors() == 0


def test_an_unreachable_queue_leaves_the_error_to_be_told(lost: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("no queue")

    staff(lost.action.app)
    monkeypatch.setattr(notices, "hand_out", refuse)
    with pytest.raises(OSError, match="no queue"):
        notices.tell_action_error(lost.action_id)
    assert list(notices.untold()) == [lost.action_id]


def test_a_disconnect_by_hand_sends_no_mail_and_says_who(posted: list[Any]) -> None:
    row = ConnectionFactory()
    user = staff(row.action.app)
    disconnect(row, actor=user)
    assert Action.objects.get().status == Action.Status.ERROR
    assert grant_jobs.tell_action_errors() == 0
    entry = AuditEntry.objects.get(verb=AuditEntry.Verb.DISCONNECTED)
    assert (entry.actor, entry.connection_id) == (user, row.pk or entry.connection_id)


def test_a_lost_grant_of_a_person_fails_no_action_and_sends_them_a_link(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    row = ConnectionFactory(action__authorization_type=Action.AuthorizationType.ALLOW_USERS)
    person = EndUserFactory(app=row.action.app)
    Connection.objects.update(end_user=person)
    row.refresh_from_db()
    assert grants.lose_grant(row, "JIRA no longer accepts it.")
    assert Action.objects.get().status == Action.Status.ENABLED
    assert notices.ask_person_again(row.pk)
    assert AuthorizationLink.objects.get().end_user == person


@pytest.fixture
def theirs() -> Connection:
    """A person's own grant, just refused; the job that would have asked them was lost."""
    row: Connection = ConnectionFactory(action__authorization_type=Action.AuthorizationType.ALLOW_USERS)
    Connection.objects.update(end_user=EndUserFactory(app=row.action.app))
    row.refresh_from_db()
    assert grants.lose_grant(row, "JIRA no longer accepts it.")
    return row


def test_the_clock_asks_a_person_whose_job_was_lost_and_asks_once(theirs: Connection) -> None:
    assert [grant_jobs.ask_people_again() for _beat in range(3)] == [1, 0, 0]
    assert AuthorizationLink.objects.get().end_user == theirs.end_user


def test_a_job_that_came_through_leaves_nothing_for_the_clock(theirs: Connection) -> None:
    grant_jobs.ask_person_again(theirs.pk)
    grant_jobs.ask_person_again(theirs.pk)
    assert grant_jobs.ask_people_again() == 0
    assert AuthorizationLink.objects.count() == 1


def test_the_next_loss_is_asked_about_again(theirs: Connection) -> None:
    assert grant_jobs.ask_people_again() == 1
    Connection.objects.update(state=Connection.State.CONNECTED, generation=F("generation") + 1)
    theirs.refresh_from_db()
    assert grant_jobs.ask_people_again() == 0
    assert grants.lose_grant(theirs, "Gone again.")
    assert grant_jobs.ask_people_again() == 1


def test_nobody_is_asked_for_an_action_that_is_off_but_once_it_is_on_again(theirs: Connection) -> None:
    Action.objects.update(status=Action.Status.DISABLED)
    assert not notices.ask_person_again(theirs.pk)
    assert grant_jobs.ask_people_again() == 0
    Action.objects.update(status=Action.Status.ENABLED)
    assert grant_jobs.ask_people_again() == 1


def test_a_link_that_could_not_be_queued_leaves_the_person_to_be_asked(
    theirs: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: Any, **__: Any) -> None:
        raise OSError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(links, "send", break_off)
        with pytest.raises(OSError, match="killed"):
            notices.ask_person_again(theirs.pk)
    assert list(notices.unasked()) == [theirs.pk]


def test_a_person_without_a_mailbox_is_asked_in_chat_alone() -> None:
    row = ConnectionFactory(action__authorization_type=Action.AuthorizationType.ALLOW_USERS)
    Connection.objects.update(end_user=EndUserFactory(app=row.action.app, email=""), state="needs_authorization")
    assert not notices.ask_person_again(row.pk)


def test_a_grant_that_was_renewed_meanwhile_is_not_lost(lost: Connection) -> None:
    row = ConnectionFactory(action__app=lost.action.app, action__provider="other", generation=5)
    row.generation = 4
    assert not grants.lose_grant(row, "too late")
    assert timezone.now() - lost.created_at < timedelta(minutes=1)
