"""The operations against the stand-in, which holds every request to Atlassian's own contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations import api
from integrations.models import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integrations.grants import Grants
    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(grants: Grants) -> Callable[..., api.CallResult]:
    """Calls an operation as an assistant would, with Ada's grant."""
    return asking(grants, "ada")


def asking(grants: Grants, person: str) -> Callable[..., api.CallResult]:
    row = grants.connect(person=person)
    Action.objects.update(status=Action.Status.ENABLED)

    def call(operation: str, body: Any = None, **parameters: Any) -> api.CallResult:
        return api.call_operation(
            app_id=row.action.app_id,
            end_user_id=None,
            provider="jira",
            operation=operation,
            parameters=parameters,
            body=body,
            timeout=10,
        )

    return call


def new_issue(project: str = "DEMO", kind: str = "Bug") -> dict[str, Any]:
    return {"fields": {"project": {"key": project}, "summary": "Printer on fire", "issuetype": {"name": kind}}}


def test_an_issue_is_created_read_changed_and_deleted(ask: Callable[..., api.CallResult], atlassian: Sandbox) -> None:
    created = ask("createIssue", new_issue())
    assert created.status_code == 201, created
    key = created.body["key"]  # type: ignore[call-overload, index]
    assert ask("getIssue", issueIdOrKey=key, fields=["summary"]).body["fields"] == {"summary": "Printer on fire"}  # type: ignore[call-overload, index]
    assert ask("editIssue", {"update": {"labels": [{"add": "fire"}]}}, issueIdOrKey=key).status_code == 204
    issue = atlassian.issue(key)
    assert issue is not None
    assert "fire" in str(issue)
    assert ask("deleteIssue", issueIdOrKey=key).status_code == 204
    assert atlassian.issue(key) is None
    assert atlassian.counts()["violations"] == []


def test_the_acting_account_is_recorded(ask: Callable[..., api.CallResult]) -> None:
    result = ask("getCurrentUser")
    assert result.record is not None
    assert result.record.account == result.body["accountId"]  # type: ignore[call-overload, index]


def test_issues_come_newest_first_and_page_by_page(ask: Callable[..., api.CallResult], atlassian: Sandbox) -> None:
    search = {"jql": 'created >= "2000-01-01" ORDER BY created DESC', "maxResults": 2, "fields": ["summary", "created"]}
    first = ask("searchIssues", {**search, "nextPageToken": None})
    assert first.status_code == 200, first
    second = ask("searchIssues", {**search, "nextPageToken": first.body["nextPageToken"]})  # type: ignore[call-overload, index]
    created = [i["fields"]["created"] for page in (first, second) for i in page.body["issues"]]  # type: ignore[call-overload, index]
    assert len(created) == 4
    assert created == sorted(created, reverse=True)
    assert atlassian.counts()["violations"] == []


@pytest.mark.parametrize(
    ("operation", "parameters", "body"),
    [
        ("getAccessibleSite", {}, None),
        ("getServerInfo", {}, None),
        ("searchProjects", {"query": "demo", "maxResults": "10"}, None),
        ("getProject", {"projectIdOrKey": "DEMO"}, None),
        ("getCreateIssueMetaIssueTypes", {"projectIdOrKey": "DEMO"}, None),
        ("getCreateFields", {"projectIdOrKey": "OPS", "issueTypeId": "10005"}, None),
        ("findUsers", {"query": "ada"}, None),
        ("findAssignableUsers", {"query": "ada", "issueKey": "DEMO-1"}, None),
        ("getTransitions", {"issueIdOrKey": "DEMO-1"}, None),
        ("getTransitionFields", {"issueIdOrKey": "OPS-1", "expand": "transitions.fields"}, None),
        ("getComments", {"issueIdOrKey": "DEMO-1"}, None),
        ("assignIssue", {"issueIdOrKey": "DEMO-1"}, {"accountId": None}),
        (
            "addComment",
            {"issueIdOrKey": "DEMO-1"},
            {
                "body": {
                    "type": "doc",
                    "version": 1,
                    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Hello"}]}],
                }
            },
        ),
    ],
)
def test_each_operation_keeps_to_the_contract(
    ask: Callable[..., api.CallResult], atlassian: Sandbox, operation: str, parameters: dict[str, Any], body: Any
) -> None:
    result = ask(operation, body, **parameters)
    assert result.outcome == "answered", result.message
    assert result.status_code is not None
    assert result.status_code < 300, result
    assert atlassian.counts()["violations"] == []


def test_an_issue_is_moved_by_one_of_its_transitions(ask: Callable[..., api.CallResult]) -> None:
    possible: Any = ask("getTransitions", issueIdOrKey="DEMO-1").body
    moved = ask("doTransition", {"transition": {"id": possible["transitions"][0]["id"]}}, issueIdOrKey="DEMO-1")
    assert moved.status_code == 204


def test_no_permission_is_told_in_jiras_words(grants: Grants) -> None:
    result = asking(grants, "dee")("deleteIssue", issueIdOrKey="DEMO-1")
    assert (result.outcome, result.status_code) == ("answered", 403)
    assert result.message
    assert grants.sandbox.issue("DEMO-1") is not None


def test_an_unknown_issue_is_not_found(ask: Callable[..., api.CallResult]) -> None:
    assert ask("getIssue", issueIdOrKey="DEMO-999").status_code == 404


def test_a_wrong_type_is_told_in_jiras_words(ask: Callable[..., api.CallResult]) -> None:
    result = ask("createIssue", new_issue(kind="Nonesuch"))
    assert result.status_code == 400
    assert "issue type" in result.message


def test_an_uninstalled_app_is_explained(ask: Callable[..., api.CallResult], atlassian: Sandbox) -> None:
    atlassian.uninstall()
    assert "install the app again" in ask("getIssue", issueIdOrKey="DEMO-1").message


def test_a_created_issue_whose_answer_was_lost_is_created_once(
    ask: Callable[..., api.CallResult], atlassian: Sandbox
) -> None:
    before = len(atlassian.issues())
    atlassian.fault("cut_after", on="createIssue")
    assert ask("createIssue", new_issue()).outcome == "unknown"
    assert len(atlassian.issues()) == before + 1


def test_the_fields_of_a_new_issue_come_as_they_can_be_asked(ask: Callable[..., api.CallResult]) -> None:
    body: Any = ask("getCreateFields", projectIdOrKey="OPS", issueTypeId="10005").body
    severity = next(field for field in body["fields"] if field["title"] == "Severity")
    assert severity["required"]
    assert severity["choices"][0] == {"title": "Critical", "value": {"id": "10130"}}


def test_the_fields_of_a_transition_come_as_they_can_be_asked(ask: Callable[..., api.CallResult]) -> None:
    body: Any = ask("getTransitionFields", issueIdOrKey="OPS-1", expand="transitions.fields").body
    done = next(move for move in body["transitions"] if move["name"] == "Done")
    assert [field["name"] for field in done["fields"]] == ["resolution"]
    assert next(move for move in body["transitions"] if move["name"] == "In Progress")["fields"] == []
