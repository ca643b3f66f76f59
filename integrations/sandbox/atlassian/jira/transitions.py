"""Moving issues through the workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, jsonify

from . import rendering
from .access import find_issue, may
from .catalogue import Transition, transitions_from
from .comments import checked_body, keep_comment
from .errors import refused
from .fields import IGNORED, read_fields
from .lists import listed
from .screens import check_on_screen, check_required, transition_fields
from .updates import added_comments, merged

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.jira_records import Issue, Project

    from .call import Call


def get_transitions(call: Call) -> Response:
    """Those possible now; without the permission the list is simply empty."""
    issue, project = find_issue(call, call.parameters["issueIdOrKey"])
    wanted = call.parameters.get("transitionId")
    possible = [each for each in _possible(call, issue, project) if wanted in (None, each.id)]
    expanded = "transitions.fields" in listed([str(call.parameters.get("expand") or "")])
    shown = [_shown(call, each, project, expanded=expanded) for each in possible]
    return jsonify({"expand": "transitions", "transitions": shown})


def do_transition(call: Call) -> Response:
    """204. An id that is not possible now, a repeated one among them, is a 400."""
    issue, project = find_issue(call, call.parameters["issueIdOrKey"])
    wanted = (call.body.get("transition") or {}).get("id")
    if wanted is None:
        raise refused(400, "no_transition")
    found = next((each for each in _possible(call, issue, project) if each.id == wanted), None)
    if found is None:
        raise refused(400, "bad_transition", id=wanted)
    given = {name: value for name, value in merged(call.body, issue).items() if name not in IGNORED}
    check_on_screen(project, given)
    check_required(project.moving.get(found.id, ()), given)
    values = read_fields(call, given)
    comments = [checked_body(each) for each in added_comments(call.body)]
    issue.status = found.to
    issue.type = values.pop("issuetype", issue.type)
    issue.fields.update(values)
    issue.updated = call.here.clock.now()
    call.here.keep_issue(issue)
    for body in comments:
        keep_comment(call, issue, body)
    return Response(status=204)


def _possible(call: Call, issue: Issue, project: Project) -> list[Transition]:
    return transitions_from(issue.status) if may(call, project, "TRANSITION_ISSUES") else []


def _shown(call: Call, transition: Transition, project: Project, *, expanded: bool) -> dict[str, Any]:
    fields = transition_fields(project, transition)
    shown = {
        "id": transition.id,
        "name": transition.name,
        "to": rendering.status(call, transition.to),
        "hasScreen": bool(fields),
        "isGlobal": True,
        "isInitial": False,
        "isAvailable": True,
        "isConditional": False,
        # The contract calls it `looped`; the service does not.
        "isLooped": False,
    }
    return shown | {"fields": fields} if expanded else shown
