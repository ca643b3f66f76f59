"""What a person may see and do: the same answer for what is hidden and what does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import refused

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.jira_records import Issue, Project

    from .call import Call


def may(call: Call, project: Project, permission: str) -> bool:
    """Whether the acting person has a permission in a project of the site."""
    person = call.account_id
    if person not in call.site.members or (project.only is not None and person not in project.only):
        return False
    return permission not in project.denied.get(person, [])


def administers(call: Call) -> bool:
    return call.account_id in call.site.admins


def visible_projects(call: Call) -> list[Project]:
    everywhere = (each for each in call.here.projects.all() if each.site == call.site.cloud_id)
    return [each for each in everywhere if may(call, each, "BROWSE_PROJECTS")]


def find_project(call: Call, id_or_key: str) -> Project | None:
    """A project the person may see, by id or key."""
    wanted = id_or_key.upper()
    return next((each for each in visible_projects(call) if wanted in (each.id, each.key)), None)


def find_issue(call: Call, id_or_key: str) -> tuple[Issue, Project]:
    """An issue the person may see, by id, key in any case, or former key; else JiraError 404."""
    wanted = id_or_key.upper()
    projects = {each.id: each for each in visible_projects(call)}
    for issue in call.here.issues.all():
        if wanted in (issue.id, issue.key, *issue.former_keys) and issue.project in projects:
            return issue, projects[issue.project]
    raise refused(404, "no_issue")


def subtasks(call: Call, issue: Issue) -> list[Issue]:
    return [each for each in call.here.issues.all() if each.fields.get("parent") == issue.id]
