"""Records in the JSON that Jira sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.sandbox.atlassian.state.clock import jira_timestamp

from .catalogue import PRIORITIES, STATUSES, TYPES
from .field_catalogue import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from integrations.sandbox.atlassian.state.jira_records import Comment, Issue, Project

    from .call import Call

Json = dict[str, Any]
#: What an issue shows for fields nobody has set.
UNSET: Json = {"description": None, "labels": [], "priority": "3"} | dict.fromkeys(
    ("assignee", "duedate", "resolution")
)


def api(call: Call, path: str) -> str:
    return f"{call.base}/rest/api/3/{path}"


def timestamp(call: Call, moment: float) -> str:
    return jira_timestamp(moment, call.site.time_zone)


def user(call: Call, account_id: str | None) -> Json | None:
    """A person as others see them: without a hidden e-mail address."""
    person = call.here.people.get(account_id)
    if person is None:
        return None
    shown: Json = {
        "self": api(call, f"user?accountId={person.account_id}"),
        "accountId": person.account_id,
        "accountType": "atlassian",
        "displayName": person.name,
        "active": True,
        "timeZone": person.time_zone,
        "locale": person.locale,
    }
    return shown if person.email_hidden else {**shown, "emailAddress": person.email}


def status(call: Call, status_id: str) -> Json:
    found = STATUSES[status_id]
    number, key, name, colour = found.category
    category = {
        "self": api(call, f"statuscategory/{number}"),
        "id": number,
        "key": key,
        "colorName": colour,
        "name": name,
    }
    return {
        "self": api(call, f"status/{found.id}"),
        "description": "",
        "iconUrl": f"{call.base}/",
        "name": found.name,
        "id": found.id,
        "statusCategory": category,
    }


def issue_type(call: Call, type_id: str) -> Json:
    found = TYPES[type_id]
    return {
        "self": api(call, f"issuetype/{found.id}"),
        "id": found.id,
        "description": "",
        "name": found.name,
        "subtask": found.subtask,
        "hierarchyLevel": -1 if found.subtask else 0,
    }


def project(call: Call, found: Project) -> Json:
    return {
        "self": api(call, f"project/{found.id}"),
        "id": found.id,
        "key": found.key,
        "name": found.name,
        "projectTypeKey": "software",
        "simplified": False,
        "style": "classic",
        "isPrivate": found.only is not None,
    }


def comment(call: Call, found: Comment) -> Json:
    made = timestamp(call, found.created)
    shown = {
        "self": api(call, f"issue/{found.issue}/comment/{found.id}"),
        "id": found.id,
        "author": user(call, found.author),
        "body": found.body,
        "updateAuthor": user(call, found.author),
        "created": made,
        "updated": made,
        "jsdPublic": True,
    }
    return {**shown, "visibility": found.visibility} if found.visibility else shown


def issue(call: Call, found: Issue, wanted: Iterable[str]) -> Json:
    """An issue with the wanted fields: names, `*all`, `*navigable`, and names to leave out after a minus."""
    return {
        "expand": "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
        "id": found.id,
        "self": api(call, f"issue/{found.id}"),
        "key": found.key,
        "fields": _chosen(_fields(call, found), [each for each in wanted if each]),
    }


def _chosen(fields: Json, wanted: list[str]) -> Json:
    left_out = {each[1:] for each in wanted if each.startswith("-")}
    named = {each for each in wanted if not each.startswith("-")}
    everything = not named or named & {"*all", "*navigable"}
    return {name: value for name, value in fields.items() if (everything or name in named) and name not in left_out}


def _fields(call: Call, found: Issue) -> Json:
    own = {**UNSET, **found.fields}
    home = call.here.projects.get(found.project)
    parent = call.here.issues.get(own.pop("parent", None))
    rank = own["priority"]
    shown = {
        **own,
        "priority": {"self": api(call, f"priority/{rank}"), "id": rank, "name": PRIORITIES[rank]},
        "project": project(call, home) if home else None,
        "issuetype": issue_type(call, found.type),
        "status": status(call, found.status),
        "creator": user(call, found.reporter),
        "reporter": user(call, own.get("reporter", found.reporter)),
        "assignee": user(call, own["assignee"]),
        "created": timestamp(call, found.created),
        "updated": timestamp(call, found.updated),
        "comment": _comments(call, found),
        **{name: user(call, value) for name, value in own.items() if _names_a_person(name)},
    }
    return {**shown, "parent": {"id": parent.id, "key": parent.key}} if parent else shown


def _names_a_person(name: str) -> bool:
    return name in FIELDS and FIELDS[name].is_custom and FIELDS[name].type == "user"


def _comments(call: Call, found: Issue) -> Json:
    all_of_it = [comment(call, each) for each in call.here.comments.all() if each.issue == found.id]
    return {"comments": all_of_it, "maxResults": len(all_of_it), "total": len(all_of_it), "startAt": 0}
