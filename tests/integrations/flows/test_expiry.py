"""When a refused call renews the token: only if the token has really ended, and never for anything else."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection as database
from django.utils import timezone

from integrations.catalog import registry
from integrations.catalog.base import Provider as Plain
from integrations.catalog.base import Reply
from integrations.flows import call as flow
from integrations.flows.refresh import MARGIN
from integrations.models import Action, Connection
from tests.factories import ConnectionFactory

from .stand_in import Provider, answer, call

if TYPE_CHECKING:
    from integrations.api import CallResult
    from tests.integrations.grants import Grants
    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db

#: More than a token of the stand-in lives.
LATER = 3601
GONE = {"code": 404, "message": "Not Found"}


@pytest.fixture
def row(grants: Grants) -> Connection:
    """A real grant of an enabled action, with an issue to read."""
    row = grants.connect()
    Action.objects.update(status=Action.Status.ENABLED)
    return row


def ends_in(seconds: float) -> None:
    Connection.objects.update(expires_at=timezone.now() + timedelta(seconds=seconds))


@pytest.fixture
def nearly_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens are sent although their stored expiry is within the margin, as when it comes while a call is under way."""
    monkeypatch.setattr(flow, "MARGIN", 2 * LATER)


def renewals(atlassian: Sandbox) -> int:
    return int(atlassian.counts()["requests"].get("token.refresh", 0))


def reads(atlassian: Sandbox) -> int:
    return int(atlassian.counts()["requests"].get("getCurrentUser", 0))


def ask(row: Connection, **options: Any) -> CallResult:
    """A reading call that works wherever the token does."""
    return call(row, "getCurrentUser", parameters={}, **options)


# --- By the clock -------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_token_whose_stored_expiry_has_passed_is_renewed_before_anything_is_sent(
    row: Connection, atlassian: Sandbox, status: int
) -> None:
    atlassian.switch(expired_status=status)
    atlassian.advance(LATER)
    ends_in(0)
    atlassian.forget_counts()
    assert ask(row).status_code == 200
    assert (renewals(atlassian), reads(atlassian)) == (1, 1)


def test_a_token_that_the_provider_refuses_with_401_is_renewed_although_it_should_live(
    row: Connection, atlassian: Sandbox
) -> None:
    atlassian.advance(LATER)
    atlassian.forget_counts()
    assert ask(row).status_code == 200
    assert (renewals(atlassian), reads(atlassian)) == (1, 2)


@pytest.mark.parametrize("status", [403, 404])
def test_a_token_that_ends_while_the_call_is_on_its_way_is_renewed_once_and_the_call_repeated(
    row: Connection, atlassian: Sandbox, status: int, nearly_over: None
) -> None:
    atlassian.switch(expired_status=status)
    atlassian.advance(LATER)
    atlassian.forget_counts()
    assert ask(row).status_code == 200
    assert (renewals(atlassian), reads(atlassian)) == (1, 2)


@pytest.mark.parametrize("status", [403, 404])
def test_a_refusal_that_may_mean_other_things_never_renews_a_token_that_lives(
    row: Connection, atlassian: Sandbox, status: int
) -> None:
    atlassian.switch(expired_status=status)
    atlassian.advance(LATER)
    atlassian.forget_counts()
    assert ask(row).status_code == status
    assert (renewals(atlassian), reads(atlassian)) == (0, 1)
    assert Connection.objects.get().usable


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_call_that_changes_something_is_repeated_too_because_the_gateway_handed_nothing_on(
    row: Connection, atlassian: Sandbox, status: int, nearly_over: None
) -> None:
    atlassian.switch(expired_status=status)
    atlassian.advance(LATER)
    before = len(atlassian.issues())
    assert call(row, "createIssue").status_code == 201
    assert len(atlassian.issues()) == before + 1
    assert renewals(atlassian) == 1


def test_a_last_use_that_is_refused_waits_for_the_provider_to_come_back(row: Connection, atlassian: Sandbox) -> None:
    atlassian.switch(expired_status=404)
    atlassian.advance(LATER)
    ends_in(30)
    atlassian.fault("unavailable", on="token", bare=True)
    assert ask(row).status_code == 200
    assert atlassian.exchanges() == 1


# --- What is never about the token ----------------------------------------------------------


@pytest.mark.parametrize("margin", [MARGIN, 2 * LATER])
def test_a_missing_issue_never_spends_a_refresh_token(
    row: Connection, atlassian: Sandbox, monkeypatch: pytest.MonkeyPatch, margin: float
) -> None:
    monkeypatch.setattr(flow, "MARGIN", margin)
    atlassian.forget_counts()
    assert call(row, parameters={"issueIdOrKey": "DEMO-4711"}).status_code == 404
    assert renewals(atlassian) == 0


def test_a_missing_scope_is_named_and_never_spends_a_refresh_token(provider: Provider, nearly_over: None) -> None:
    row = ConnectionFactory()
    provider.answers = [answer(401, {"code": 401, "message": "Unauthorized; scope does not match"})]
    result = call(row)
    assert result.outcome == "authorization_required"
    assert "read:jira-work" in result.message
    assert [path for _method, path, _body in provider.seen if "token" in path] == []


@pytest.mark.parametrize(
    ("status", "body", "about_the_token"),
    [
        (404, GONE, True),
        (403, {"code": 403, "message": "The app is not installed on this instance"}, True),
        (
            404,
            {"errorMessages": ["Issue does not exist or you do not have permission to see it."], "errors": {}},
            False,
        ),
        (403, {"errorMessages": ["You do not have permission to delete issues in this project."]}, False),
        (404, {"errorMessages": [], "errors": {}, "code": 404, "message": "x"}, False),
        (404, "<html>Not found</html>", False),
        (404, None, False),
        (400, {"code": 400, "message": "Bad Request"}, False),
        (500, {"code": 500, "message": "Internal Server Error"}, False),
    ],
)
def test_only_the_gateways_own_403_and_404_may_mean_an_expired_token(
    status: int, body: Any, about_the_token: bool
) -> None:
    assert registry.provider("jira").may_have_expired(Reply(status, body)) is about_the_token


def test_a_provider_without_code_of_its_own_means_401_alone() -> None:
    plain = Plain(registry.provider("jira").manifest, {}, ())
    assert not plain.may_have_expired(Reply(404, GONE))


# --- Many at once -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_fifty_callers_of_an_expired_token_cost_one_renewal(row: Connection, atlassian: Sandbox) -> None:
    atlassian.advance(LATER)
    atlassian.forget_counts()
    assert at_once(50, row) == {200}
    assert renewals(atlassian) == 1
    assert reads(atlassian) <= 100, "one in the air and one repetition each, at the very most"


@pytest.mark.django_db(transaction=True)
def test_who_comes_after_the_first_refusal_sends_nothing_that_is_bound_to_fail(
    row: Connection, atlassian: Sandbox
) -> None:
    atlassian.advance(LATER)
    atlassian.fault("delay", on="token", seconds=1.0)
    atlassian.forget_counts()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(one, row)
        assert any(renewals(atlassian) for _look in range(1000)), "the first caller does not renew"
        assert at_once(49, row) == {200}
        assert first.result() == 200
    assert renewals(atlassian) == 1
    assert reads(atlassian) == 51, "the one that was refused, and one each that was not"


@pytest.mark.django_db(transaction=True)
def test_fifty_callers_who_read_a_missing_issue_renew_nothing(row: Connection, atlassian: Sandbox) -> None:
    atlassian.forget_counts()
    found = at_once(50, row, operation="getIssue", parameters={"issueIdOrKey": "DEMO-4711"})
    assert found == {404}
    assert renewals(atlassian) == 0


def one(row: Connection, **options: Any) -> int | None:
    try:
        return call(row, **{"operation": "getCurrentUser", "parameters": {}, "timeout": 30, **options}).status_code
    finally:
        database.close()


def at_once(count: int, row: Connection, **options: Any) -> set[int | None]:
    """The statuses that so many callers get who start together."""
    together = threading.Barrier(count)

    def caller(_: int) -> int | None:
        together.wait()
        return one(row, **options)

    with ThreadPoolExecutor(count) as pool:
        return set(pool.map(caller, range(count)))
