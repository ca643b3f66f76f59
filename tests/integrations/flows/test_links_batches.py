from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.utils import timezone

from integrations.flows import links
from integrations.link_errors import EndUserElsewhere, LinksNotUsed
from integrations.models import AuthorizationLink, Connection, LinkBatch
from tests.factories import ActionFactory, ConnectionFactory, EndUserFactory, staff

from .mailing import STUBBORN, Stubborn, allowing, batch_of, people, person, send_all, time_passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.conf import LazySettings
    from django.core.mail import EmailMessage
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Stands for a worker that is killed: nothing catches it."""


@pytest.fixture
def stubborn(settings: LazySettings) -> Iterator[type[Stubborn]]:
    settings.EMAIL_BACKEND = STUBBORN
    Stubborn.behave()
    yield Stubborn
    Stubborn.behave()


def receivers() -> Counter[str]:
    return Counter(message.to[0] for message in mail.outbox)


def test_everybody_without_a_usable_connection_gets_one_mail() -> None:
    action = allowing()
    ada, ben, cleo = person(action), person(action), person(action)
    ConnectionFactory(action=action, end_user=ben)
    ConnectionFactory(action=action, end_user=cleo, state=Connection.State.NEEDS_AUTHORIZATION)
    EndUserFactory()
    batch_of(action)
    send_all()
    assert receivers() == Counter({ada.email: 1, cleo.email: 1})


def test_people_without_an_e_mail_are_counted_and_left_to_the_chat() -> None:
    action = allowing()
    person(action)
    person(action, email="")
    audience = links.audience_of(action)
    batch = batch_of(action)
    send_all()
    assert (audience.by_mail, audience.in_chat) == (1, 1)
    assert links.progress_of([batch])[batch.pk] == links.Progress(
        total=1, sent=1, waiting=0, failed=0, unknown=0, withdrawn=0, without_email=1, prepared=True
    )


def test_a_second_round_spares_those_whose_link_still_works() -> None:
    action = allowing()
    person(action)
    batch_of(action)
    send_all()
    assert links.audience_of(action) == links.Audience(by_mail=0, in_chat=0, holding=1)
    batch_of(action)
    send_all()
    assert len(mail.outbox) == 1


def test_a_person_whose_link_expired_gets_a_new_one_in_the_next_round() -> None:
    action = allowing()
    person(action)
    batch_of(action)
    send_all()
    AuthorizationLink.objects.update(expires_at=timezone.now())
    batch_of(action)
    send_all()
    assert len(mail.outbox) == 2


def test_asking_for_a_batch_costs_the_same_for_two_people_and_for_two_hundred(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    action = allowing()
    people(action, 200)
    with django_assert_max_num_queries(12):
        links.request_batch(action)


def test_making_links_takes_a_few_queries_for_hundreds(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    action = allowing()
    people(action, 400)
    batch = links.request_batch(action)
    with django_assert_max_num_queries(25):
        links.prepare(batch.pk)
    assert AuthorizationLink.objects.count() == 400


def test_people_who_come_later_are_not_part_of_a_batch() -> None:
    action = allowing()
    person(action)
    batch = links.request_batch(action)
    person(action)
    links.prepare(batch.pk)
    assert batch.links.count() == 1


def test_making_links_goes_on_after_a_crash_and_makes_none_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.flows.links.batches.CHUNK", 10)
    action = allowing()
    people(action, 35)
    batch = links.request_batch(action)
    made = AuthorizationLink.objects.bulk_create
    calls = []

    def die_at_the_third(rows: object, **options: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            raise Killed
        return made(rows, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(AuthorizationLink.objects, "bulk_create", die_at_the_third)
        with pytest.raises(Killed):
            links.prepare(batch.pk)
    assert batch.links.count() == 20
    links.prepare(batch.pk)
    links.prepare(batch.pk)
    assert batch.links.values("end_user").distinct().count() == batch.links.count() == 35


def test_a_batch_whose_job_was_lost_is_found_by_the_clock() -> None:
    batch = links.request_batch(allowing())
    assert links.unprepared() == []
    LinkBatch.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    assert links.unprepared() == [batch.pk]


def test_a_thousand_people_get_one_mail_each_though_the_worker_dies_in_the_middle(stubborn: type[Stubborn]) -> None:
    action = allowing()
    people(action, 1000)
    batch = batch_of(action)
    mails: list[EmailMessage] = []

    def die_in_the_middle(message: EmailMessage) -> None:
        mails.append(message)
        if len(mails) == 500:
            raise Killed

    stubborn.answer = staticmethod(die_in_the_middle)
    with pytest.raises(Killed):
        send_all()
    stubborn.behave()
    send_all()
    assert max(receivers().values()) == 1
    assert len(mail.outbox) == 999

    time_passes()
    send_all()
    progress = links.progress_of([batch])[batch.pk]
    assert (progress.sent, progress.unknown, progress.waiting, progress.done) == (999, 1, 0, True)
    assert len(mail.outbox) == 999
    unknown = AuthorizationLink.objects.get(delivery="unknown")
    assert unknown.end_user.email == mails[499].to[0]
    assert "not known whether it left" in unknown.send_error


def test_sending_costs_few_queries_per_mail(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    action = allowing()
    people(action, 50)
    batch_of(action)
    with django_assert_max_num_queries(20 + 50 * 5):
        links.send_slice()
    assert len(mail.outbox) == 50


def test_progress_of_many_batches_is_one_query(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    action = allowing()
    people(action, 3)
    batches = [links.request_batch(action, action.app.end_users.all()) for _round in range(5)]
    with django_assert_max_num_queries(1):
        found = links.progress_of(batches)
    assert [found[batch.pk].waiting for batch in batches] == [3] * 5


def test_chosen_people_get_theirs_and_nobody_else_does() -> None:
    action = allowing()
    ada, _ben = person(action), person(action)
    links.request_batch(action, [ada], staff(action.app))
    send_all()
    assert receivers() == Counter({ada.email: 1})


def test_asking_twice_for_everybody_mails_nobody_twice() -> None:
    action = allowing()
    people(action, 3)
    first, second = links.request_batch(action), links.request_batch(action)
    assert first == second
    links.prepare(first.pk)
    send_all()
    assert len(mail.outbox) == 3
    assert links.request_batch(action) != first


def test_a_batch_is_refused_for_strangers_and_where_staff_authorized() -> None:
    with pytest.raises(EndUserElsewhere):
        links.request_batch(allowing(), [EndUserFactory()])
    with pytest.raises(LinksNotUsed):
        links.request_batch(ActionFactory(enabled=True))
