"""The order of checks before Jira: token, site, scope, and only then Jira's own."""

from __future__ import annotations

import pytest

from integrations.sandbox.atlassian.contract.checker import contract
from integrations.sandbox.atlassian.jira.operations import OPERATIONS
from tests.integrations.sandbox.visitor import GLOBEX, Visitor

NOT_INSTALLED = {"code": 403, "message": "The app is not installed on this instance"}
SCOPE = {"code": 401, "message": "Unauthorized; scope does not match"}


def test_an_unknown_token_is_refused_before_anything_else(visitor: Visitor) -> None:
    visitor.cloud_id = "nowhere"
    assert visitor.jira("GET", "myself").status_code == 401


def test_a_foreign_site_is_refused_before_the_scope(visitor: Visitor) -> None:
    visitor.become(scope="read:me")
    visitor.cloud_id = GLOBEX
    assert visitor.jira("GET", "myself").get_json() == NOT_INSTALLED


def test_an_uninstalled_app_is_refused(visitor: Visitor) -> None:
    visitor.become()
    visitor.control("uninstall", site="acme")
    assert visitor.jira("GET", "myself").get_json() == NOT_INSTALLED


def test_a_missing_scope_is_refused_before_the_permission(visitor: Visitor) -> None:
    visitor.become("dee", scope="read:jira-work")
    answer = visitor.jira("DELETE", "issue/DEMO-1")
    assert (answer.status_code, answer.get_json()) == (401, SCOPE)


def test_a_granular_set_works_only_whole(visitor: Visitor) -> None:
    visitor.become(scope="delete:issue:jira")
    assert visitor.jira("DELETE", "issue/DEMO-1").status_code == 204
    visitor.become(scope="read:issue:jira")
    assert visitor.jira("GET", "issue/DEMO-2").get_json() == SCOPE


def test_server_information_needs_no_scope(visitor: Visitor) -> None:
    assert visitor.become(scope="read:me").jira("GET", "serverInfo").status_code == 200


@pytest.mark.parametrize("status", [401, 403, 404])
def test_an_expired_token_answers_as_switched(visitor: Visitor, status: int) -> None:
    visitor.become()
    visitor.control("clock", advance=3601)
    visitor.control("switches", expired_status=status)
    answer = visitor.jira("GET", "myself")
    assert answer.status_code == status
    assert answer.get_json()["code"] == status


def test_every_answer_of_jira_names_the_acting_account(visitor: Visitor) -> None:
    visitor.become("ben", ["acme"])
    assert visitor.jira("GET", "myself").headers["X-AAccountId"] == "712020:0000-ben"
    assert visitor.jira("GET", "issue/NO-1").headers["X-AAccountId"] == "712020:0000-ben"


def test_the_old_search_is_gone(visitor: Visitor) -> None:
    visitor.become()
    for method in ("GET", "POST"):
        answer = visitor.jira(method, "search")
        assert answer.status_code == 410
        assert "has been removed" in answer.get_json()["errorMessages"][0]


def test_a_breach_of_the_contract_is_refused_and_counted(visitor: Visitor) -> None:
    visitor.become()
    assert visitor.search("project = DEMO", maxResults="many").status_code == 400
    assert visitor.jira("POST", "issue", json={"fields": "none"}).status_code == 400
    assert visitor.jira("POST", "search/jql", json={"jql": "project = DEMO", "startAt": 0}).status_code == 400
    assert visitor.jira("POST", "issue").get_json()["errors"] == {}
    counts = visitor.http.get("/_sandbox/counts").get_json()
    assert [each["operation"] for each in counts["violations"]] == [
        "searchAndReconsileIssuesUsingJql",
        "createIssue",
        "searchAndReconsileIssuesUsingJqlPost",
        "createIssue",
    ]


def test_an_unknown_query_parameter_is_ignored_but_noted(visitor: Visitor) -> None:
    visitor.become()
    assert visitor.search("project = DEMO", startAt=5).status_code == 200
    (warning,) = visitor.http.get("/_sandbox/counts").get_json()["warnings"]
    assert warning["unknown_parameters"] == ["startAt"]


def test_it_answers_every_operation_of_the_contract(visitor: Visitor) -> None:

    assert len(OPERATIONS) == 20
    assert set(contract().operations) == set(OPERATIONS)
