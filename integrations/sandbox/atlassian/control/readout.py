"""What tests may read of the state. Token values are not kept, so none can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.jira_records import Issue
    from integrations.sandbox.atlassian.state.world import World


def issues(here: World) -> list[dict[str, Any]]:
    """All issues of all sites with their comments, plainly."""
    return [_issue(here, each) for each in here.issues.all()]


def grants(here: World) -> list[dict[str, Any]]:
    """Each grant with its families of tokens."""
    return [
        {
            "client_id": grant.client_id,
            "account_id": grant.account_id,
            "person": getattr(here.people.get(grant.account_id), "key", None),
            "scope": grant.scope,
            "sites": [site.name for cloud_id in grant.sites if (site := here.sites.get(cloud_id))],
            "revoked": grant.revoked,
            "families": [
                {"id": family.id, "revoked": family.revoked, "bound": family.sites is not None}
                for family in here.families.all()
                if family.grant_key == grant.key
            ],
        }
        for grant in here.grants.all()
    ]


def _issue(here: World, issue: Issue) -> dict[str, Any]:
    project = here.projects.get(issue.project)
    site = here.sites.get(project.site) if project else None
    return {
        "id": issue.id,
        "key": issue.key,
        "site": site.name if site else None,
        "project": project.key if project else None,
        "type": issue.type,
        "status": issue.status,
        "reporter": issue.reporter,
        "summary": issue.fields.get("summary"),
        "labels": issue.fields.get("labels", []),
        "assignee": issue.fields.get("assignee"),
        "description": issue.fields.get("description"),
        "fields": issue.fields,
        "created": issue.created,
        "updated": issue.updated,
        "comments": [
            {"author": each.author, "body": each.body} for each in here.comments.all() if each.issue == issue.id
        ],
    }
