"""Creating, reading, changing, assigning and deleting issues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, jsonify

from integrations.sandbox.atlassian.state.jira_records import Issue, Project

from . import rendering
from .access import administers, find_issue, find_project, may, subtasks
from .catalogue import FIRST_STATUS
from .comments import checked_body, keep_comment
from .errors import JiraError, refused, text, wrong_field
from .fields import IGNORED, account_of, assignable, read_fields, read_type
from .lists import listed
from .screens import ALWAYS, check_on_screen, check_required, required
from .updates import added_comments, merged

if TYPE_CHECKING:
    from .call import Call

NOTHING = 204


def create_issue(call: Call) -> Response:
    """201 with id, key and self. Not idempotent: the same request makes another issue."""
    given = merged(call.body, None)
    project = _project(call, given.pop("project", None))
    kind = _required(given, project)
    if not may(call, project, "CREATE_ISSUES"):
        raise refused(403, "may_not_create")
    check_on_screen(project, given)
    check_required(required(project, kind)[len(ALWAYS) :], given)
    values = read_fields(call, {name: value for name, value in given.items() if name != "issuetype"})
    _check_assignee(call, project, values)
    comments = [checked_body(each) for each in added_comments(call.body)]
    issue = _new_issue(call, project, kind, values)
    for body in comments:
        keep_comment(call, issue, body)
    made = jsonify({"id": issue.id, "key": issue.key, "self": rendering.api(call, f"issue/{issue.id}")})
    made.status_code = 201
    return made


def get_issue(call: Call) -> Response:
    issue, _ = find_issue(call, call.parameters["issueIdOrKey"])
    return jsonify(rendering.issue(call, issue, listed(call.parameters.get("fields")) or ["*all"]))


def edit_issue(call: Call) -> Response:
    """204, or 200 with the issue when asked. Without the permission every field is refused, with a 400."""
    issue, project = find_issue(call, call.parameters["issueIdOrKey"])
    if call.parameters.get("notifyUsers") is False and not administers(call):
        raise refused(400, "may_not_notify")
    given = {name: value for name, value in merged(call.body, issue).items() if name not in IGNORED}
    if not may(call, project, "EDIT_ISSUES"):
        raise JiraError(400, **{field: text("bad_field", field=field) for field in given})
    values = read_fields(call, given)
    _check_assignee(call, project, values)
    comments = [checked_body(each) for each in added_comments(call.body)]
    change_issue(call, issue, values)
    for body in comments:
        keep_comment(call, issue, body)
    if call.parameters.get("returnIssue"):
        return jsonify(rendering.issue(call, issue, ["*all"]))
    return Response(status=NOTHING)


def delete_issue(call: Call) -> Response:
    issue, project = find_issue(call, call.parameters["issueIdOrKey"])
    if not may(call, project, "DELETE_ISSUES"):
        raise refused(403, "may_not_delete")
    below = subtasks(call, issue)
    if below and call.parameters.get("deleteSubtasks") != "true":
        raise refused(400, "subtasks", key=issue.key)
    for each in (issue, *below):
        call.here.remove_issue(each)
        for comment in [comment for comment in call.here.comments.all() if comment.issue == each.id]:
            call.here.comments.remove(comment)
    return Response(status=NOTHING)


def assign_issue(call: Call) -> Response:
    """204; an account id of null takes the assignee away."""
    issue, project = find_issue(call, call.parameters["issueIdOrKey"])
    if not may(call, project, "ASSIGN_ISSUES"):
        raise refused(403, "may_not_assign")
    account = account_of(call.body)
    if not assignable(call, project, account):
        raise wrong_field("assignee", "unassignable", user=account)
    change_issue(call, issue, {"assignee": account})
    return Response(status=NOTHING)


def change_issue(call: Call, issue: Issue, values: dict[str, Any]) -> None:
    """Sets values that have been read and judged; `issuetype` is kept apart from the other fields."""
    issue.type = values.pop("issuetype", issue.type)
    issue.fields.update(values)
    issue.updated = call.here.clock.now()
    call.here.keep_issue(issue)


def _new_issue(call: Call, project: Project, kind: str, values: dict[str, Any]) -> Issue:
    project.issues_made += 1
    call.here.projects.save(project)
    now = call.here.clock.now()
    issue = Issue(
        id=str(call.here.number("issue", 10_100)),
        project=project.id,
        key=f"{project.key}-{project.issues_made}",
        type=kind,
        status=FIRST_STATUS,
        reporter=call.account_id,
        created=now,
        updated=now,
        fields=values,
    )
    return call.here.keep_issue(issue)


def _project(call: Call, value: Any) -> Project:
    wanted = value if isinstance(value, dict) else {}
    name = wanted.get("id") or wanted.get("key")
    project = find_project(call, str(name)) if name else None
    if project is None:
        raise wrong_field("project", "bad_project")
    return project


def _required(given: dict[str, Any], project: Project) -> str:
    """The issue type; JiraError 400 names it and the summary when they are missing or wrong."""
    kind, errors = read_type(given.get("issuetype"), project.types), {}
    if kind is None:
        errors["issuetype"] = text("bad_type" if given.get("issuetype") else "no_type")
    if not given.get("summary"):
        errors["summary"] = text("no_summary")
    if kind is None or errors:
        raise JiraError(400, **errors)
    return kind


def _check_assignee(call: Call, project: Project, values: dict[str, Any]) -> None:
    account = values.get("assignee")
    if not assignable(call, project, account):
        raise wrong_field("assignee", "unassignable", user=account)
