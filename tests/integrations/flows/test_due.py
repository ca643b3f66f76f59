"""When the clock renews, and when it leaves alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from integrations.flows import due
from integrations.flows.refresh import access_token, renew_ahead
from integrations.models import Connection, TokenRefresh

if TYPE_CHECKING:
    from tests.integrations.grants import Grants
    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def row(grants: Grants) -> Connection:
    return grants.connect()


def days_until_due() -> float:
    moment = Connection.objects.get().due_at
    assert moment is not None
    return (moment - timezone.now()) / DAY


def test_a_grant_that_nobody_uses_is_due_long_before_the_provider_ends_it(row: Connection) -> None:
    assert 59 < days_until_due() < 61


def test_the_first_use_brings_it_forward_to_shortly_before_the_token_ends(row: Connection) -> None:
    due.used(row)
    assert 49 < days_until_due() * 24 * 60 < 51


def test_a_renewal_without_another_use_is_the_last_for_long(row: Connection) -> None:
    due.used(row)
    Connection.objects.update(due_at=Now())
    assert renew_ahead(row.pk) is TokenRefresh.Outcome.RENEWED
    assert 59 < days_until_due() < 61


def test_a_use_after_the_renewal_counts_again(row: Connection) -> None:
    due.used(row)
    access_token(row.pk, rejected=1)
    due.used(Connection.objects.get())
    assert days_until_due() < 1


def test_a_use_is_written_once_a_minute(row: Connection) -> None:
    due.used(row)
    before = Connection.objects.get().last_used_at
    due.used(Connection.objects.get())
    assert Connection.objects.get().last_used_at == before


def test_a_use_of_an_older_generation_does_not_move_the_newer_one(row: Connection) -> None:
    access_token(row.pk, rejected=1)
    due.used(row)
    assert days_until_due() > 59


def test_tokens_that_live_for_minutes_are_renewed_in_the_last_third(row: Connection) -> None:
    now = timezone.now()
    row.authorized_at, row.last_refreshed_at, row.expires_at = now, None, now + timedelta(minutes=6)
    assert due.when_used(row) == now + timedelta(minutes=4)


def test_a_provider_without_an_inactivity_limit_needs_no_keeping_alive() -> None:
    assert due.when_idle(timezone.now(), None) is None


def test_what_is_not_due_is_left_alone(row: Connection, atlassian: Sandbox) -> None:
    assert renew_ahead(row.pk) is None
    assert atlassian.exchanges() == 0


def test_a_second_beat_finds_nothing_to_do(row: Connection, atlassian: Sandbox) -> None:
    Connection.objects.update(due_at=Now())
    renew_ahead(row.pk)
    assert renew_ahead(row.pk) is None
    assert atlassian.exchanges() == 1


def test_a_lost_grant_is_never_due_again(row: Connection, atlassian: Sandbox) -> None:
    Connection.objects.update(due_at=Now())
    atlassian.revoke()
    assert renew_ahead(row.pk) is TokenRefresh.Outcome.LOST
    assert Connection.objects.get().due_at is None
