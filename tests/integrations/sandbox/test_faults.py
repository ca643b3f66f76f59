"""Troubles that tests order, and the headers of rate limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integrations.sandbox.atlassian.wire.connection import ConnectionCutError

if TYPE_CHECKING:
    from tests.integrations.sandbox.visitor import Visitor


def test_an_answer_lost_after_rotation_leaves_the_token_superseded(visitor: Visitor) -> None:
    token = visitor.tokens()["refresh_token"]
    visitor.fault("cut_after", "token.refresh")
    with pytest.raises(ConnectionCutError):
        visitor.refresh(token)
    assert visitor.refresh(token).status_code == 200
    assert sum(each.superseded_at is not None for each in visitor.world.refresh_tokens.all()) == 1


def test_a_connection_cut_before_the_work_changes_nothing(visitor: Visitor) -> None:
    visitor.become()
    visitor.fault("cut_before", "createIssue")
    with pytest.raises(ConnectionCutError):
        visitor.create()
    assert len(visitor.world.issues) == 6


def test_a_commit_then_a_cut_keeps_the_issue(visitor: Visitor) -> None:
    visitor.become()
    visitor.fault("cut_after", "createIssue")
    with pytest.raises(ConnectionCutError):
        visitor.create("Kept")
    assert "Kept" in [each.fields["summary"] for each in visitor.world.issues.all()]


def test_half_an_answer_ends_in_a_cut(visitor: Visitor) -> None:
    visitor.become()
    visitor.fault("half", "getIssue")
    answer = visitor.jira("GET", "issue/DEMO-1")
    with pytest.raises(ConnectionCutError):
        answer.get_data()


@pytest.mark.parametrize("status", [500, 502])
def test_an_outage_is_html_and_changes_nothing(visitor: Visitor, status: int) -> None:
    token = visitor.tokens()["refresh_token"]
    visitor.fault("error", "token", status=status)
    answer = visitor.refresh(token)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert visitor.world.refresh_tokens.all()[0].superseded_at is None


def test_a_refresh_may_come_back_without_a_new_refresh_token(visitor: Visitor) -> None:
    token = visitor.tokens()["refresh_token"]
    visitor.fault("no_refresh_token", "token.refresh")
    assert "refresh_token" not in visitor.refresh(token).get_json()
    visitor.control("clock", advance=3600)
    assert visitor.refresh(token).status_code == 200


def test_a_wrong_form_of_error_can_be_given(visitor: Visitor) -> None:
    visitor.fault("answer", "token", status=403, body={"message": "Forbidden"}, headers={"X-Odd": "1"})
    answer = visitor.refresh("x")
    assert (answer.status_code, answer.get_json(), answer.headers["X-Odd"]) == (403, {"message": "Forbidden"}, "1")


def test_an_answer_that_is_not_json_comes_after_the_work(visitor: Visitor) -> None:
    visitor.become()
    visitor.fault("not_json", "createIssue")
    answer = visitor.create()
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert len(visitor.world.issues) == 7


def test_a_conflict_is_409(visitor: Visitor) -> None:
    visitor.become()
    visitor.fault("conflict", "doTransition")
    answer = visitor.jira("POST", "issue/DEMO-1/transitions", json={"transition": {"id": "31"}})
    assert answer.status_code == 409
    assert answer.get_json()["errorMessages"]


def test_unavailable_says_when_to_come_back(visitor: Visitor) -> None:
    visitor.become()
    visitor.fault("unavailable", "jira", retry_after=7)
    answer = visitor.jira("GET", "myself")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")


def test_a_slow_answer_waits_after_the_work_until_lifted(visitor: Visitor) -> None:
    visitor.become()
    visitor.fault("delay", "createIssue", seconds=0.01)
    assert visitor.create().status_code == 201


def test_a_fault_strikes_as_often_as_ordered(visitor: Visitor) -> None:
    visitor.become()
    visitor.fault("error", "getIssue", times=2)
    assert [visitor.jira("GET", "issue/DEMO-1").status_code for _ in range(3)] == [500, 500, 200]


def test_a_fault_without_a_number_lasts_until_lifted(visitor: Visitor) -> None:
    visitor.become()
    visitor.fault("error", "*", times=None)
    assert [visitor.jira("GET", "myself").status_code for _ in range(3)] == [500] * 3
    visitor.http.delete("/_sandbox/faults")
    assert visitor.jira("GET", "myself").status_code == 200


def test_a_fault_spares_other_operations(visitor: Visitor) -> None:
    visitor.become()
    visitor.fault("error", "getIssue")
    assert visitor.jira("GET", "myself").status_code == 200


def test_an_unknown_kind_is_refused(visitor: Visitor) -> None:
    assert visitor.http.post("/_sandbox/faults", json={"kind": "flood"}).status_code == 400
    assert visitor.http.post("/_sandbox/switches", json={"flood": True}).status_code == 400


@pytest.mark.parametrize(
    ("reason", "limit", "least", "most"),
    [
        ("jira-quota-global-based", "65000", 1, 3600),
        ("jira-quota-tenant-based", "65000", 1, 3600),
        ("jira-burst-based", "350", 1, 1),
        ("jira-per-issue-on-write", "20", 2, 2),
    ],
)
def test_a_rate_limit_has_the_headers_of_its_reason(
    visitor: Visitor, reason: str, limit: str, least: int, most: int
) -> None:
    visitor.become()
    visitor.fault("rate_limited", "jira", reason=reason)
    answer = visitor.jira("GET", "myself")
    assert answer.status_code == 429
    assert answer.headers["RateLimit-Reason"] == reason
    assert answer.headers["X-RateLimit-Limit"] == limit
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert answer.headers["X-RateLimit-Reset"].endswith("Z")
    assert least <= int(answer.headers["Retry-After"]) <= most


def test_a_bare_rate_limit_says_nothing(visitor: Visitor) -> None:
    visitor.become()
    visitor.fault("rate_limited", "jira", bare=True)
    answer = visitor.jira("GET", "myself")
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers


def test_good_answers_tell_the_quota_and_warn_near_its_end(visitor: Visitor) -> None:
    answer = visitor.become().jira("GET", "myself")
    assert answer.headers["X-RateLimit-NearLimit"] == "false"
    assert "Beta-RateLimit" not in answer.headers
    visitor.control("switches", near_limit=True)
    assert "r=11000" in visitor.jira("GET", "myself").headers["Beta-RateLimit"]
