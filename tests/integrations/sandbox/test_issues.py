"""Creating, reading, changing, assigning and deleting issues."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.integrations.sandbox.visitor import GLOBEX, Visitor, document, services

NO_ISSUE = "Issue does not exist or you do not have permission to see it."


def errors(answer: Any) -> dict[str, str]:
    assert answer.status_code == 400, answer.text
    found: dict[str, str] = answer.get_json()["errors"]
    return found


def test_it_creates_an_issue_and_reads_it_back(visitor: Visitor) -> None:
    made = visitor.become().create("Buy tea", description=document("Green"), labels=["kitchen"])
    assert made.status_code == 201
    assert set(made.get_json()) == {"id", "key", "self"}
    fields = visitor.jira("GET", f"issue/{made.get_json()['key']}").get_json()["fields"]
    assert fields["summary"] == "Buy tea"
    assert fields["description"] == document("Green")
    assert fields["status"]["statusCategory"]["key"] == "new"
    assert fields["reporter"]["accountId"] == "712020:0000-ada"


def test_creating_twice_makes_two_issues(visitor: Visitor) -> None:
    visitor.become()
    assert visitor.create().get_json()["key"] != visitor.create().get_json()["key"]


def test_keys_of_deleted_issues_are_not_given_again(visitor: Visitor) -> None:
    key = visitor.become().create().get_json()["key"]
    visitor.jira("DELETE", f"issue/{key}")
    assert visitor.create().get_json()["key"] == "DEMO-5"


def test_a_project_can_be_named_by_id(visitor: Visitor) -> None:
    assert visitor.become().create(project={"id": "10001"}, **services("Mail")).get_json()["key"] == "OPS-2"


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"project": {"key": "NOPE"}}, "project", "Specify a valid project ID or key"),
        ({"project": None}, "project", "Specify a valid project ID or key"),
        ({"issuetype": {"name": "Epic"}}, "issuetype", "Specify a valid issue type"),
        ({"issuetype": None}, "issuetype", "Specify an issue type"),
        ({"summary": ""}, "summary", "You must specify a summary of the issue."),
        ({"summary": "two\nlines"}, "summary", "newline"),
        ({"summary": "x" * 256}, "summary", "255"),
        ({"colour": "red"}, "colour", "Field 'colour' cannot be set."),
        ({"description": "plain"}, "description", "Operation value must be an Atlassian Document"),
        ({"description": {"type": "doc", "version": 2, "content": []}}, "description", "Atlassian Document"),
        ({"labels": ["two words"]}, "labels", "contains spaces"),
        ({"assignee": {"id": "nobody"}}, "assignee", "valid user"),
        ({"priority": {"name": "Urgent"}}, "priority", "priority"),
        ({"duedate": "tomorrow"}, "duedate", "date"),
    ],
)
def test_it_names_the_wrong_field(visitor: Visitor, fields: dict[str, Any], field: str, words: str) -> None:
    answer = visitor.become().create(**fields)
    assert words in errors(answer)[field]
    assert len(visitor.world.issues) == 6


def test_it_names_all_wrong_fields_at_once(visitor: Visitor) -> None:
    assert set(errors(visitor.become().create(colour="red", description="plain"))) == {"colour", "description"}


def test_an_empty_text_node_is_not_a_document(visitor: Visitor) -> None:
    assert "description" in errors(visitor.become().create(description=document("")))


def test_it_answers_by_id_key_lower_case_and_former_key(visitor: Visitor) -> None:
    visitor.become()
    assert visitor.control("move", key="DEMO-1", to="OPS")["key"] == "OPS-2"
    for name in ("10000", "OPS-2", "ops-2", "DEMO-1", "demo-1"):
        assert visitor.jira("GET", f"issue/{name}").get_json()["key"] == "OPS-2"


def test_only_the_named_fields_are_sent(visitor: Visitor) -> None:
    visitor.become()
    issue = visitor.jira("GET", "issue/DEMO-1", query_string={"fields": "summary,status"}).get_json()
    assert set(issue["fields"]) == {"summary", "status"}
    left = visitor.jira("GET", "issue/DEMO-1", query_string={"fields": ["*all", "-comment"]}).get_json()
    assert "summary" in left["fields"]
    assert "comment" not in left["fields"]


def test_a_hidden_issue_and_a_missing_one_look_the_same(visitor: Visitor) -> None:
    visitor.become("ben", ["acme"])
    hidden, missing = visitor.jira("GET", "issue/SECRET-1"), visitor.jira("GET", "issue/NOPE-1")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.get_json() == missing.get_json() == {"errorMessages": [NO_ISSUE], "errors": {}}


def test_issues_of_one_site_are_unknown_to_another(visitor: Visitor) -> None:
    visitor.become("ben", ["acme", "globex"])
    assert visitor.jira("GET", "issue/GLX-1").status_code == 404
    visitor.cloud_id = GLOBEX
    assert visitor.jira("GET", "issue/GLX-1").status_code == 200


def test_an_edit_replaces_fields_and_applies_updates(visitor: Visitor) -> None:
    visitor.become()
    body = {"fields": {"summary": "New"}, "update": {"labels": [{"add": "b"}, {"remove": "onboarding"}]}}
    assert visitor.jira("PUT", "issue/DEMO-1", json=body).status_code == 204
    fields = visitor.jira("GET", "issue/DEMO-1").get_json()["fields"]
    assert (fields["summary"], fields["labels"]) == ("New", ["b"])


def test_an_edit_can_return_the_issue(visitor: Visitor) -> None:
    body = {"fields": {"summary": "New"}}
    answer = visitor.become().jira("PUT", "issue/DEMO-1?returnIssue=true", json=body)
    assert answer.status_code == 200
    assert answer.get_json()["fields"]["summary"] == "New"


def test_a_field_may_not_be_in_fields_and_update(visitor: Visitor) -> None:
    body = {"fields": {"labels": []}, "update": {"labels": [{"add": "b"}]}}
    assert "both" in errors(visitor.become().jira("PUT", "issue/DEMO-1", json=body))["labels"]


def test_a_status_is_ignored_by_an_edit(visitor: Visitor) -> None:
    body = {"fields": {"status": {"id": "10002"}, "summary": "New"}}
    assert visitor.become().jira("PUT", "issue/DEMO-1", json=body).status_code == 204
    assert visitor.jira("GET", "issue/DEMO-1").get_json()["fields"]["status"]["name"] == "To Do"


def test_an_edit_without_the_permission_refuses_the_field_with_400(visitor: Visitor) -> None:
    visitor.control("projects", site="acme", key="DEMO", denied={"ben": ["EDIT_ISSUES"]})
    answer = visitor.become("ben", ["acme"]).jira("PUT", "issue/DEMO-1", json={"fields": {"summary": "New"}})
    assert "cannot be set" in errors(answer)["summary"]


def test_silencing_notifications_needs_an_administrator(visitor: Visitor) -> None:
    body = {"fields": {"summary": "New"}}
    assert visitor.become("ben", ["acme"]).jira("PUT", "issue/DEMO-1?notifyUsers=false", json=body).status_code == 400
    assert visitor.become("ada").jira("PUT", "issue/DEMO-1?notifyUsers=false", json=body).status_code == 204


def test_creating_and_deleting_without_permission_is_403(visitor: Visitor) -> None:
    visitor.become("dee", ["acme"])
    assert visitor.create().status_code == 403
    deleted = visitor.jira("DELETE", "issue/DEMO-1")
    assert deleted.status_code == 403
    assert "permission to delete" in deleted.get_json()["errorMessages"][0]
    assert visitor.create(project={"key": "OPS"}, **services("Mail")).status_code == 201


def test_a_deleted_issue_is_gone(visitor: Visitor) -> None:
    visitor.become()
    assert visitor.jira("DELETE", "issue/DEMO-1").status_code == 204
    assert visitor.jira("GET", "issue/DEMO-1").status_code == 404
    assert visitor.jira("DELETE", "issue/DEMO-1").status_code == 404


def test_subtasks_are_deleted_only_when_asked_for(visitor: Visitor) -> None:
    visitor.become().create(issuetype={"name": "Sub-task"}, parent={"key": "DEMO-1"})
    refused = visitor.jira("DELETE", "issue/DEMO-1")
    assert refused.status_code == 400
    assert "has subtasks.  You must" in refused.get_json()["errorMessages"][0]
    assert visitor.jira("DELETE", "issue/DEMO-1?deleteSubtasks=true").status_code == 204
    assert visitor.jira("GET", "issue/DEMO-4").status_code == 404


def test_an_issue_is_assigned_and_taken_away(visitor: Visitor) -> None:
    visitor.become()
    for account in ("712020:0000-ben", None):
        assert visitor.jira("PUT", "issue/DEMO-1/assignee", json={"accountId": account}).status_code == 204
        shown = visitor.jira("GET", "issue/DEMO-1").get_json()["fields"]["assignee"]
        assert (shown and shown["accountId"]) == account
    answer = visitor.jira("PUT", "issue/DEMO-1/assignee", json={"accountId": "712020:0000-gus"})
    assert "cannot be assigned" in errors(answer)["assignee"]


def test_timestamps_carry_the_zone_of_the_site_without_a_colon(visitor: Visitor) -> None:
    created = visitor.become().jira("GET", "issue/DEMO-1").get_json()["fields"]["created"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0300", created)


def test_texts_are_in_the_language_of_the_person(visitor: Visitor) -> None:
    visitor.become("fritz", ["acme"])
    assert visitor.jira("GET", "issue/NOPE-1").get_json()["errorMessages"][0].startswith("Der Vorgang existiert nicht")
    assert errors(visitor.create(summary=""))["summary"].startswith("Sie müssen")
