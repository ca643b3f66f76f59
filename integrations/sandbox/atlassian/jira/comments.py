"""Comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, jsonify

from integrations.sandbox.atlassian.state.jira_records import Comment, Issue

from . import rendering
from .access import find_issue, may
from .adf import is_document
from .errors import refused, wrong_field
from .lists import page

if TYPE_CHECKING:
    from .call import Call

MOST = 5000


def add_comment(call: Call) -> Response:
    """201 with the comment."""
    issue, project = find_issue(call, call.parameters["issueIdOrKey"])
    if not may(call, project, "ADD_COMMENTS"):
        raise refused(400, "may_not_comment")
    made = keep_comment(call, issue, checked_body(call.body.get("body")), call.body.get("visibility"))
    response = jsonify(rendering.comment(call, made))
    response.status_code = 201
    return response


def get_comments(call: Call) -> Response:
    issue, _ = find_issue(call, call.parameters["issueIdOrKey"])
    found = [each for each in call.here.comments.all() if each.issue == issue.id]
    newest_first = call.parameters.get("orderBy") == "-created"
    found.sort(key=lambda each: (each.created, int(each.id)), reverse=newest_first)
    part, about = page(found, call.parameters, MOST)
    return jsonify({**about, "comments": [rendering.comment(call, each) for each in part]})


def checked_body(body: Any) -> dict[str, Any]:
    """The body if it is a document; else JiraError 400."""
    if not is_document(body):
        raise wrong_field("comment", "bad_comment")
    document: dict[str, Any] = body
    return document


def keep_comment(call: Call, issue: Issue, body: dict[str, Any], visibility: dict[str, Any] | None = None) -> Comment:
    now = call.here.clock.now()
    number = str(call.here.number("comment", 10_000))
    issue.updated = now
    call.here.keep_issue(issue)
    return call.here.comments.save(Comment(number, issue.id, call.account_id, body, now, visibility))
