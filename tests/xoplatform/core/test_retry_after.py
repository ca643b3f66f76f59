"""How long another system asks us to wait."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from xoplatform.core.retry_after import retry_after

if TYPE_CHECKING:
    from datetime import datetime


@pytest.mark.parametrize(("said", "seconds"), [("3", 3.0), (" 1.5 ", 1.5), ("0", 0.0), ("-4", 0.0)])
def test_seconds_are_taken_as_they_are_and_never_negative(said: str, seconds: float) -> None:
    assert retry_after({"retry-after": said}) == seconds


def test_a_date_is_compared_with_the_answers_own_clock() -> None:
    theirs = timezone.now() - timedelta(minutes=3)
    headers = {"Retry-After": stamp(theirs + timedelta(seconds=20)), "Date": stamp(theirs)}
    assert retry_after(headers) == 20


def test_a_date_without_one_beside_it_is_compared_with_ours() -> None:
    found = retry_after({"retry-after": stamp(timezone.now() + timedelta(seconds=60))})
    assert found is not None
    assert 57 < found <= 60


def test_a_date_that_has_passed_means_at_once() -> None:
    assert retry_after({"retry-after": stamp(timezone.now() - timedelta(hours=1))}) == 0


@pytest.mark.parametrize("said", ["", "soon", "nan", "inf", "Mon, 99 Foo 2026 10:00:00 GMT", "24 Nov 2026 10:00:00"])
def test_what_cannot_be_read_says_nothing(said: str) -> None:
    assert retry_after({"retry-after": said}) is None


def test_a_wait_is_bounded_where_the_caller_wants_it() -> None:
    assert retry_after({"retry-after": "86400"}, at_most=600) == 600


def stamp(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
