"""Calls that follow each other at once read their grant once, and never go on with one that they should not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from integrations.api import GrantsInHand
from integrations.flows import grants_in_hand
from integrations.models import Action, Connection
from tests.factories import ActionFactory, ConnectionFactory, EndUserFactory

from .stand_in import Provider, answer, call, cut

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def grants() -> GrantsInHand:
    return GrantsInHand()


def disable() -> None:
    Action.objects.update(status=Action.Status.DISABLED)


@pytest.mark.usefixtures("provider")
def test_the_second_call_reads_nothing(
    row: Connection, grants: GrantsInHand, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    call(row, grants=grants)
    with django_assert_num_queries(0):
        assert call(row, grants=grants).outcome == "answered"


@pytest.mark.usefixtures("provider")
def test_a_grant_is_read_anew_when_its_time_is_over(
    row: Connection, grants: GrantsInHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grants_in_hand, "SECONDS", 0.0)
    call(row, grants=grants)
    disable()
    assert call(row, grants=grants).outcome == "refused"


@pytest.mark.usefixtures("provider")
def test_others_who_call_see_at_once_what_has_changed(row: Connection, grants: GrantsInHand) -> None:
    call(row, grants=grants)
    disable()
    assert call(row, grants=GrantsInHand()).outcome == "refused"
    assert call(row).outcome == "refused"


@pytest.mark.parametrize("went_wrong", [answer(404, {}), answer(500, {}), cut])
def test_after_a_call_that_went_wrong_the_next_one_reads_anew(
    provider: Provider, row: Connection, grants: GrantsInHand, went_wrong: object
) -> None:
    provider.answers = [went_wrong]  # type: ignore[list-item]  # both are handlers
    call(row, grants=grants)
    disable()
    assert call(row, grants=grants).outcome == "refused"


def test_one_persons_grant_never_serves_another(provider: Provider, grants: GrantsInHand) -> None:
    action = ActionFactory(enabled=True, authorization_type=Action.AuthorizationType.ALLOW_USERS)
    ada, ben = EndUserFactory(app=action.app), EndUserFactory(app=action.app)
    hers = ConnectionFactory(action=action, end_user=ada)
    call(hers, end_user_id=ada.pk, grants=grants)
    assert call(hers, end_user_id=ben.pk, grants=grants).outcome == "authorization_required"
    assert len(provider.seen) == 1


def test_after_a_renewal_the_next_call_uses_what_is_stored_now(
    provider: Provider, row: Connection, grants: GrantsInHand
) -> None:
    tokens = {"access_token": "fresh-access", "refresh_token": "fresh-refresh", "expires_in": 3600}
    refused = answer(401, {"code": 401, "message": "Unauthorized"})
    provider.answers = [refused, answer(200, tokens), answer(200, {"ok": 1})]
    call(row, grants=grants)
    assert call(row, grants=grants).outcome == "answered"
    assert provider.tokens[2:] == ["Bearer fresh-access"] * 2
    assert len(provider.seen) == 4


def test_after_a_new_site_joined_the_next_call_reads_anew(
    provider: Provider, row: Connection, grants: GrantsInHand
) -> None:
    new = {"id": "site-new", "name": "new", "url": "https://new", "scopes": ["read:jira-work"]}
    old = {"id": row.site_id, "name": row.site_name, "url": row.site_url, "scopes": ["read:jira-work"]}
    provider.answers = [answer(200, [old, new])]
    assert call(row, "getAccessibleSite", grants=grants).outcome == "answered"
    disable()
    assert call(row, grants=grants).outcome == "refused"


def test_a_token_that_ends_meanwhile_is_renewed_before_it_is_used(
    provider: Provider, row: Connection, grants: GrantsInHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = {"access_token": "fresh-access", "refresh_token": "fresh-refresh", "expires_in": 3600}
    call(row, grants=grants)
    Connection.objects.update(expires_at=timezone.now())
    monkeypatch.setattr(Connection, "lives_for", lambda _row, _seconds: False)
    provider.answers = [answer(200, tokens), answer(200, {"ok": 1})]
    assert call(row, grants=grants).outcome == "answered"
    assert provider.tokens[-1] == "Bearer fresh-access"
