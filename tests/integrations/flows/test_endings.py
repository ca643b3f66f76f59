"""The warning before a grant ends: in time, once per end, to those who can do something."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection as database
from django.utils import timezone

from integrations import grant_jobs
from integrations.flows import endings
from integrations.models import Action, AuditEntry, Connection
from tests.factories import ConnectionFactory, EndUserFactory, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = []
    monkeypatch.setattr(endings, "hand_out", lambda _job, **arguments: jobs.append(arguments))
    return jobs


def ends_in(days: int, **columns: Any) -> Connection:
    row: Connection = ConnectionFactory(refresh_expires_at=timezone.now() + timedelta(days=days), **columns)
    return row


def test_a_grant_that_ends_in_two_weeks_is_found() -> None:
    soon = ends_in(13)
    ends_in(15)
    ends_in(-1)
    ends_in(5, state=Connection.State.NEEDS_AUTHORIZATION)
    assert list(endings.ending()) == [soon.pk]


def test_owners_and_developers_are_warned_once_per_end(posted: list[dict[str, Any]]) -> None:
    row = ends_in(10)
    person = staff(row.action.app)
    assert [endings.warn(row.pk), endings.warn(row.pk)] == [1, 0]
    for one in posted:
        grant_jobs.mail_grant_ending(**one)
    assert [one.to for one in mail.outbox] == [[person.email]]
    assert "unless it is used before" in mail.outbox[0].body
    assert list(endings.ending()) == []
    assert AuditEntry.objects.get().verb == AuditEntry.Verb.WARNED


def test_a_later_end_is_warned_of_again(posted: list[dict[str, Any]]) -> None:
    row = ends_in(10)
    staff(row.action.app)
    endings.warn(row.pk)
    Connection.objects.update(refresh_expires_at=timezone.now() + timedelta(days=12))
    assert endings.warn(row.pk) == 1


def test_an_end_that_moved_before_the_mail_left_is_not_told(posted: list[dict[str, Any]]) -> None:
    row = ends_in(10)
    staff(row.action.app)
    endings.warn(row.pk)
    Connection.objects.update(refresh_expires_at=timezone.now() + timedelta(days=90))
    grant_jobs.mail_grant_ending(**posted[0])
    assert mail.outbox == []


def test_a_person_is_warned_of_their_own_grant(posted: list[dict[str, Any]]) -> None:
    row = ends_in(3, action__authorization_type=Action.AuthorizationType.ALLOW_USERS, kind=Connection.Kind.BASIC)
    person = EndUserFactory(app=row.action.app)
    staff(row.action.app)
    Connection.objects.update(end_user=person)
    endings.warn(row.pk)
    grant_jobs.mail_grant_ending(**posted[0])
    assert [one.to for one in mail.outbox] == [[person.email]]
    assert "a new API token" in mail.outbox[0].body
    assert "/admin/" not in mail.outbox[0].body


def test_the_daily_job_reads_an_index(django_assert_max_num_queries: Any) -> None:
    ends_in(3)
    plan = endings._unwarned().filter(refresh_expires_at__lte=timezone.now()).order_by("refresh_expires_at", "pk")
    if database.vendor == "sqlite":
        assert "connections_by_end" in plan.explain()
    with django_assert_max_num_queries(1):
        list(endings.ending())
