"""Projects, the issue types that may be created in them, and the fields these need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, jsonify

from . import rendering
from .access import find_project, may, visible_projects
from .errors import refused
from .lists import listed, page
from .screens import create_fields

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.jira_records import Project

    from .call import Call

MOST_PROJECTS = 50
MOST_TYPES = 200
NEEDED = {"create": "CREATE_ISSUES", "edit": "EDIT_ISSUES"}


def search_projects(call: Call) -> Response:
    """A page of the projects the person may see (or create or edit in, when `action` says so)."""
    found = [each for each in visible_projects(call) if _wanted(call, each)]
    order = str(call.parameters.get("orderBy") or "key")
    found.sort(
        key=lambda each: each.name.lower() if order.endswith("name") else each.key, reverse=order.startswith("-")
    )
    part, about = page(found, call.parameters, MOST_PROJECTS)
    last = about["startAt"] + len(part) >= about["total"]
    values = [rendering.project(call, each) for each in part]
    return jsonify({"self": rendering.api(call, "project/search"), **about, "isLast": last, "values": values})


def get_project(call: Call) -> Response:
    project = _project(call)
    types = [rendering.issue_type(call, each) for each in project.types]
    lead = rendering.user(call, project.lead)
    return jsonify({**rendering.project(call, project), "description": "", "lead": lead, "issueTypes": types})


def get_create_types(call: Call) -> Response:
    """The issue types of a project; without the permission to create there are none."""
    project = _project(call)
    types = [rendering.issue_type(call, each) for each in project.types] if may(call, project, "CREATE_ISSUES") else []
    part, about = page(types, call.parameters, MOST_TYPES)
    return jsonify({**about, "issueTypes": part})


def get_create_fields(call: Call) -> Response:
    """The fields of a new issue of one type; without the permission to create there are none."""
    project, kind = _project(call), call.parameters["issueTypeId"]
    if kind not in project.types:
        raise refused(404, "no_such_type")
    fields = create_fields(project, kind) if may(call, project, "CREATE_ISSUES") else []
    part, about = page(fields, call.parameters, MOST_TYPES)
    return jsonify({**about, "fields": part})


def _project(call: Call) -> Project:
    name = call.parameters["projectIdOrKey"]
    project = find_project(call, name)
    if project is None:
        raise refused(404, "no_project", key=name)
    return project


def _wanted(call: Call, project: Project) -> bool:
    words = str(call.parameters.get("query") or "").lower()
    keys = listed(call.parameters.get("keys"))
    ids = [str(each) for each in call.parameters.get("id") or ()]
    needed = NEEDED.get(str(call.parameters.get("action")), "BROWSE_PROJECTS")
    return (
        (words in project.key.lower() or words in project.name.lower())
        and (not keys or project.key in keys)
        and (not ids or project.id in ids)
        and may(call, project, needed)
    )
