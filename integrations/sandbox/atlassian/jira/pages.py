"""A look at the small Jira with a browser: all issues, whoever may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, make_response, render_template

from integrations.sandbox.atlassian.state.clock import jira_timestamp
from integrations.sandbox.atlassian.state.world import World, world

from .adf import plain_text
from .catalogue import STATUSES, TYPES
from .field_catalogue import FIELDS

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.jira_records import Issue, Project
    from integrations.sandbox.atlassian.state.records import Site

blueprint = Blueprint("pages", __name__, template_folder="templates")
AVATAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#0052cc"/>'
    '<text x="16" y="22" font-family="sans-serif" font-size="18" fill="#fff" text-anchor="middle">{letter}</text></svg>'
)


@blueprint.get("/")
def home() -> Response:
    return make_response(render_template("sandbox/home.html", sites=_jira_sites(world())))


@blueprint.get("/site/<name>/")
def site(name: str) -> Response:
    here, found = world(), _site(name)
    projects = [each for each in here.projects.all() if each.site == found.cloud_id]
    rows = [(each, _issues(here, each)) for each in projects]
    return make_response(render_template("sandbox/site.html", site=found, rows=rows, statuses=STATUSES, types=TYPES))


@blueprint.get("/site/<name>/browse/<key>")
def browse(name: str, key: str) -> Response:
    here, found = world(), _site(name)
    for issue in here.issues.all():
        project = here.projects.get(issue.project)
        if project and project.site == found.cloud_id and key.upper() in (issue.key, *issue.former_keys):
            return _issue_page(here, found, issue)
    return make_response(render_template("sandbox/no_issue.html", site=found, key=key), 404)


@blueprint.get("/site/<name>/avatar.svg")
def avatar(name: str) -> Response:
    return Response(AVATAR.format(letter=_site(name).title[0]), mimetype="image/svg+xml")


def _issue_page(here: World, found: Site, issue: Issue) -> Response:
    names = {person.account_id: person.name for person in here.people.all()}
    comments = [
        (names.get(each.author, ""), jira_timestamp(each.created, found.time_zone), plain_text(each.body))
        for each in here.comments.all()
        if each.issue == issue.id
    ]
    rows = {
        "Type": TYPES[issue.type].name,
        "Status": STATUSES[issue.status].name,
        "Labels": ", ".join(issue.fields.get("labels") or []) or "None",
        "Assignee": names.get(str(issue.fields.get("assignee")), "Nobody"),
        "Reporter": names.get(issue.reporter, ""),
        "Created": jira_timestamp(issue.created, found.time_zone),
        "Updated": jira_timestamp(issue.updated, found.time_zone),
        **_custom(names, issue),
    }
    text = plain_text(issue.fields.get("description"))
    page = render_template("sandbox/issue.html", site=found, issue=issue, rows=rows, text=text, comments=comments)
    return make_response(page)


def _custom(names: dict[str, str], issue: Issue) -> dict[str, str]:
    """What was put into the fields that only some projects have."""
    return {
        FIELDS[name].name: _plain(names.get(value, value) if isinstance(value, str) else value)
        for name, value in issue.fields.items()
        if name in FIELDS and (FIELDS[name].is_custom or name == "resolution") and value is not None
    }


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if not isinstance(value, dict):
        return str(value)
    if value.get("type") == "doc":
        return plain_text(value)
    child = value.get("child")
    return str(value.get("value") or value.get("name")) + (f" / {_plain(child)}" if child else "")


def _issues(here: World, project: Project) -> list[Issue]:
    found = [each for each in here.issues.all() if each.project == project.id]
    return sorted(found, key=lambda each: int(each.id), reverse=True)


def _jira_sites(here: World) -> list[Site]:
    return [each for each in here.sites.all() if "jira" in each.products]


def _site(name: str) -> Site:
    found = world().site(name)
    if found is None:
        abort(404)
    return found
