"""People as Jira knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, jsonify

from . import rendering
from .access import find_issue, find_project, may
from .errors import refused
from .fields import assignable
from .lists import page

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.jira_records import Project
    from integrations.sandbox.atlassian.state.records import Person

    from .call import Call

MOST = 1000


def get_current_user(call: Call) -> Response:
    return jsonify(rendering.user(call, call.account_id))


def find_users(call: Call) -> Response:
    """A bare list of the members whose name or visible e-mail address begins with the words."""
    if not any(call.parameters.get(name) for name in ("query", "accountId", "property")):
        raise refused(400, "no_query")
    if call.actor is None:
        return jsonify([])
    members = [each for each in call.here.people.all() if each.account_id in call.site.members and _wanted(call, each)]
    part, _ = page(members, call.parameters, MOST)
    return jsonify([rendering.user(call, each.account_id) for each in part])


def find_assignable_users(call: Call) -> Response:
    """A bare list of those whom an issue, or new issues of a project, can be given to."""
    project = _place(call)
    if call.actor is None or not may(call, project, "ASSIGN_ISSUES"):
        return jsonify([])
    people = [p for p in call.here.people.all() if assignable(call, project, p.account_id) and _wanted(call, p)]
    part, _ = page(people, call.parameters, MOST)
    return jsonify([rendering.user(call, each.account_id) for each in part])


def _place(call: Call) -> Project:
    """The project that is asked about, by an issue of it or by itself; JiraError 400 or 404."""
    if key := call.parameters.get("issueKey") or call.parameters.get("issueId"):
        return find_issue(call, key)[1]
    name = str(call.parameters.get("project") or "")
    if not name:
        raise refused(400, "no_place")
    if (project := find_project(call, name)) is None:
        raise refused(404, "no_project", key=name)
    return project


def _wanted(call: Call, person: Person) -> bool:
    if account := call.parameters.get("accountId"):
        return bool(person.account_id == account)
    words = str(call.parameters.get("query") or "").lower()
    names = [person.name, *person.name.split(), *([] if person.email_hidden else [person.email])]
    return any(each.lower().startswith(words) for each in names)
