"""Search by JQL: bounded, paged by token, ids only unless fields are named, and late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, jsonify

from integrations.sandbox.atlassian.jql.parser import parse
from integrations.sandbox.atlassian.jql.tree import JqlError

from . import rendering
from .access import visible_projects
from .conditions import build_test
from .errors import refused
from .lists import listed
from .ordering import in_order
from .paging import read_token, write_token

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.jira_records import Issue

    from .call import Call

USUAL_PAGE = 50
MOST_IDS = 5000
MOST_WITH_FIELDS = 100
MOST_RECONCILED = 50


def search(call: Call) -> Response:
    """GET: everything in the query string."""
    return jsonify(_found(call, call.parameters))


def search_by_post(call: Call) -> Response:
    """POST: the same names in the body."""
    return jsonify(_found(call, call.body))


def _found(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    jql, wanted = str(asked.get("jql") or ""), listed(asked.get("fields")) or ["id"]
    hits = _hits(call, jql, asked.get("reconcileIssues") or [])
    start = read_token(call, jql, asked.get("nextPageToken"))
    part = hits[start : start + _size(call, asked, wanted)]
    answer: dict[str, Any] = {"issues": [_shown(call, each, wanted) for each in part]}
    end = start + len(part)
    if end < len(hits) and part:
        answer["nextPageToken"] = write_token(call, jql, end)
    return {**answer, "isLast": "nextPageToken" not in answer}


def _hits(call: Call, jql: str, reconciled: list[int]) -> list[Issue]:
    if len(reconciled) > MOST_RECONCILED:
        raise refused(400, "many_reconcile")
    try:
        query = parse(jql)
        if query.where is None:
            raise refused(400, "unbounded")
        if call.actor is None:
            return []
        test = build_test(call, query.where)
        visible = {each.id for each in visible_projects(call)}
        known = _known(call, {str(each) for each in reconciled})
        return in_order([each for each in known if each.project in visible and test(each)], query)
    except JqlError as error:
        raise refused(400, error.name, **error.values) from None


def _known(call: Call, reconciled: set[str]) -> list[Issue]:
    """What the index shows, and the named issues as they really are."""
    indexed = call.here.index.visible(call.here.clock.now())
    for issue_id in reconciled:
        live = call.here.issues.get(issue_id)
        if live:
            indexed[issue_id] = live
        else:
            indexed.pop(issue_id, None)
    return list(indexed.values())


def _size(call: Call, asked: dict[str, Any], wanted: list[str]) -> int:
    most = MOST_IDS if set(wanted) <= {"id", "key"} else MOST_WITH_FIELDS
    size = max(1, min(most, int(asked.get("maxResults") or USUAL_PAGE)))
    return max(1, size // 2) if call.here.switches.short_pages else size


def _shown(call: Call, issue: Issue, wanted: list[str]) -> dict[str, Any]:
    if wanted == ["id"]:
        return {"id": issue.id}
    return rendering.issue(call, issue, wanted)
