"""Owners hear of a key that is in use and will expire: once for each end, and nothing when it no longer holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from tests.api import secret_of
from xoplatform import api_keys, jobs, key_notices
from xoplatform.models import ApiKey, App, Scope


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The mails that were handed to the queue."""
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(key_notices, "hand_out", lambda **arguments: found.append(arguments))
    return found


def key_of(app: App, *, ends_in: float = 5, used_ago: float | None = 1, name: str = "Web chat") -> ApiKey:
    """A key that ends in so many days and was used so many days ago."""
    now = timezone.now()
    key, _value = api_keys.create(app, name, [Scope.CHAT], expires_at=now + timedelta(days=ends_in))
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=None if used_ago is None else now - timedelta(days=used_ago))
    return key


def test_owners_get_one_mail_for_each_end(app: App, posted: list[dict[str, Any]]) -> None:
    key = key_of(app)
    assert [jobs.warn_of_ending_keys(), jobs.warn_of_ending_keys()] == [1, 0]
    for one in posted:
        jobs.mail_key_ending(**one)
    assert [told.to for told in mail.outbox] == [["olive@example.com"]]
    assert f"/admin/apps/helpdesk/api/keys/{key.pk}/" in mail.outbox[0].body


def test_a_later_end_is_told_of_again(app: App, posted: list[dict[str, Any]]) -> None:
    key = key_of(app)
    key_notices.warn()
    api_keys.change(ApiKey.objects.get(pk=key.pk), expires_at=timezone.now() + timedelta(days=6))
    assert key_notices.warn() == 1


@pytest.mark.parametrize(("ends_in", "used_ago"), [(8, 1), (-1, 1), (5, 8), (5, None)])
def test_a_key_that_nobody_would_miss_soon_is_not_told_of(ends_in: float, used_ago: float | None, app: App) -> None:
    key_of(app, ends_in=ends_in, used_ago=used_ago)
    assert list(key_notices.ending()) == []


@pytest.mark.parametrize("what", ["revoked", "given more time"])
def test_what_no_longer_holds_is_not_mailed(what: str, app: App, posted: list[dict[str, Any]]) -> None:
    key = key_of(app)
    key_notices.warn()
    key.refresh_from_db()
    if what == "revoked":
        api_keys.revoke(key)
    else:
        api_keys.change(key, expires_at=None)
    assert [jobs.mail_key_ending(**one) for one in posted] == [False]
    assert mail.outbox == []


def test_the_mail_tells_no_secret(app: App, posted: list[dict[str, Any]]) -> None:
    key = key_of(app)
    value = api_keys.rotate(key)
    key_notices.warn()
    jobs.mail_key_ending(**posted[0])
    assert secret_of(value) not in str(mail.outbox[0].message())
