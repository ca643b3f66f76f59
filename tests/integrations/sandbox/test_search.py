"""Search: bounded, paged by opaque tokens, ids only, and late when switched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.integrations.sandbox.visitor import Visitor

WEEK = 7 * 86_400


def refusal(visitor: Visitor, jql: str) -> str:
    answer = visitor.search(jql)
    assert answer.status_code == 400, answer.text
    return str(answer.get_json()["errorMessages"][0])


def test_it_sends_ids_only_unless_fields_are_named(visitor: Visitor) -> None:
    visitor.become()
    assert visitor.search("key = DEMO-1").get_json() == {"issues": [{"id": "10000"}], "isLast": True}
    (issue,) = visitor.search("key = DEMO-1", fields="summary,status").get_json()["issues"]
    assert set(issue["fields"]) == {"summary", "status"}
    assert issue["key"] == "DEMO-1"


def test_it_finds_the_newest_first_as_asked(visitor: Visitor) -> None:
    visitor.become()
    assert visitor.keys("project = DEMO ORDER BY created DESC") == ["DEMO-3", "DEMO-2", "DEMO-1"]
    assert visitor.keys("project = DEMO ORDER BY created") == ["DEMO-1", "DEMO-2", "DEMO-3"]
    visitor.jira("PUT", "issue/DEMO-1", json={"fields": {"summary": "Touched"}})
    assert visitor.keys("project = DEMO order by updated desc")[0] == "DEMO-1"


@pytest.mark.parametrize(
    ("jql", "keys"),
    [
        ("key = demo-2", ["DEMO-2"]),
        ("issuekey in (DEMO-1, DEMO-3)", ["DEMO-3", "DEMO-1"]),
        ('project = "Demo project" AND status = Done', ["DEMO-3"]),
        ('project = DEMO AND status != "In Progress"', ["DEMO-3", "DEMO-1"]),
        ("project = DEMO AND statusCategory = Done", ["DEMO-3"]),
        ("text ~ 'slow page'", ["DEMO-2"]),
        ('summary ~ "coffee*"', ["DEMO-3"]),
        ("assignee = currentUser() AND project = DEMO", ["DEMO-3", "DEMO-1"]),
        ("assignee = ben@example.com", ["DEMO-2"]),
        ("labels = onboarding", ["DEMO-1"]),
        ("project = DEMO AND labels is EMPTY", ["DEMO-3"]),
        ("project = DEMO AND labels not in (onboarding)", ["DEMO-2"]),
        ("project = DEMO AND (type = Bug OR type = Story)", ["DEMO-2", "DEMO-1"]),
        ("project = DEMO AND NOT type = Bug", ["DEMO-3", "DEMO-1"]),
        ("created >= -1d AND project = OPS", ["OPS-1"]),
        ("created < 2020-01-01 AND project = OPS", []),
        ("project in (OPS, SECRET)", ["SECRET-1", "OPS-1"]),
    ],
)
def test_it_understands(visitor: Visitor, jql: str, keys: list[str]) -> None:
    assert visitor.become().keys(jql) == keys


@pytest.mark.parametrize(
    ("jql", "words"),
    [
        ("", "Unbounded JQL queries are not allowed here."),
        ("ORDER BY created DESC", "Unbounded JQL queries are not allowed here."),
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        ("status = Lost", "does not exist for the field 'status'"),
        ("key = DEMO-99", "An issue with key 'DEMO-99' does not exist"),
        ("colour = red", "Field 'colour' does not exist"),
        ("project ~ DEMO", "operator '~' is not supported"),
        ("project = ", "Error in the JQL Query"),
        ("project = DEMO project = OPS", "Error in the JQL Query"),
        ('summary ~ "open', "Error in the JQL Query"),
        ("(" * 60 + "project = DEMO" + ")" * 60, "Error in the JQL Query"),
        ("created > someday", "Date value 'someday'"),
        ("project = DEMO ORDER BY colour", "Not able to sort"),
    ],
)
def test_it_refuses(visitor: Visitor, jql: str, words: str) -> None:
    assert words in refusal(visitor.become(), jql)


def test_a_hidden_project_is_refused_as_if_it_did_not_exist(visitor: Visitor) -> None:
    visitor.become("ben", ["acme"])
    assert refusal(visitor, "project = SECRET") == "The value 'SECRET' does not exist for the field 'project'."
    assert visitor.keys("text ~ party") == []


def pages(visitor: Visitor, jql: str, **parameters: Any) -> list[list[str]]:
    """The ids of all pages, token by token."""
    found, token = [], None
    while True:
        extra: dict[str, str] = {"nextPageToken": token} if token else {}
        answer = visitor.search(jql, **parameters, **extra).get_json()
        found.append([issue["id"] for issue in answer["issues"]])
        assert "total" not in answer
        assert answer["isLast"] == ("nextPageToken" not in answer)
        token = answer.get("nextPageToken")
        if token is None:
            return found


def test_it_leads_through_pages_and_ends_without_a_token(visitor: Visitor) -> None:
    visitor.become()
    assert pages(visitor, "project = DEMO", maxResults=2) == [["10002", "10001"], ["10000"]]
    assert pages(visitor, "project = DEMO", maxResults=3) == [["10002", "10001", "10000"]]


def test_pages_may_be_short(visitor: Visitor) -> None:
    visitor.become().control("switches", short_pages=True)
    assert pages(visitor, "project = DEMO", maxResults=2) == [["10002"], ["10001"], ["10000"]]


def test_a_token_lives_a_week_for_its_own_query(visitor: Visitor) -> None:
    visitor.become()
    token = visitor.search("project = DEMO", maxResults=1).get_json()["nextPageToken"]
    for _ in range(2):
        assert visitor.search("project = DEMO", maxResults=1, nextPageToken=token).status_code == 200
    assert visitor.search("project = OPS", nextPageToken=token).status_code == 400
    assert visitor.search("project = DEMO", nextPageToken="nonsense").status_code == 400
    visitor.control("clock", advance=WEEK + 1)
    visitor.become()
    assert visitor.search("project = DEMO", nextPageToken=token).status_code == 400


def test_the_index_lags_unless_the_issue_is_named(visitor: Visitor) -> None:
    visitor.become().control("switches", index_lag_seconds=60)
    made = visitor.create("Fresh").get_json()
    assert made["key"] not in visitor.keys("project = DEMO")
    reconciled = visitor.search("project = DEMO", reconcileIssues=made["id"]).get_json()["issues"]
    assert made["id"] in [issue["id"] for issue in reconciled]
    visitor.control("clock", advance=61)
    assert made["key"] in visitor.keys("project = DEMO")


def test_the_index_is_late_with_changes_and_deletions_too(visitor: Visitor) -> None:
    visitor.become().control("switches", index_lag_seconds=60)
    visitor.jira("PUT", "issue/DEMO-1", json={"fields": {"summary": "Altered"}})
    visitor.jira("DELETE", "issue/DEMO-2")
    assert visitor.keys("summary ~ welcome") == ["DEMO-1"]
    assert "DEMO-2" in visitor.keys("project = DEMO")
    visitor.control("clock", advance=61)
    assert visitor.keys("summary ~ welcome") == []
    assert "DEMO-2" not in visitor.keys("project = DEMO")


def test_post_takes_the_same_names(visitor: Visitor) -> None:
    body = {"jql": "project = DEMO", "maxResults": 1, "fields": ["summary"]}
    answer = visitor.become().jira("POST", "search/jql", json=body).get_json()
    assert answer["issues"][0]["fields"] == {"summary": "Order a coffee machine"}
    following = visitor.jira("POST", "search/jql", json={**body, "nextPageToken": answer["nextPageToken"]}).get_json()
    assert following["issues"][0]["key"] == "DEMO-2"
