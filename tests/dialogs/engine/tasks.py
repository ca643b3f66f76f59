"""The dialog tasks that the tests talk to: the shapes of real ones, small."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

Document = dict[str, Any]


def node(name: str, kind: str, parent: str | None = None, **properties: Any) -> Document:
    return {"name": name, "kind": kind, "title": "", "parent": parent, "properties": properties}


def arrow(source: str, target: str | None, *criteria: Document, match: str = "all") -> Document:
    condition = {"match": match, "criteria": list(criteria)} if criteria else None
    return {"source": source, "target": target, "condition": condition, "label": ""}


def criterion(subject: str, key: str, operator: str, value: Any = None) -> Document:
    return {"subject": subject, "key": key, "operator": operator, "value": value}


def task(name: str, title: str, utterances: list[str], nodes: list[Document], arrows: list[Document]) -> Document:
    root = node(name, "intent", utterances=utterances)
    return {
        "format": 1,
        "name": name,
        "title": title,
        "description": "",
        "start": name,
        "nodes": [root, *nodes],
        "transitions": arrows,
    }


def line(*names: str) -> list[Document]:
    """Arrows from each node to the next."""
    return [arrow(source, target) for source, target in pairwise(names)]


def service(name: str, operation: str, parent: str | None = None, **properties: Any) -> Document:
    return node(name, "service", parent, provider="jira", operation=operation, **properties)


def create_issue() -> Document:
    nodes = [
        node("projectKey", "entity", pattern="[A-Z][A-Z0-9_]+", letter_case="upper", prompts=["Which project?"]),
        node("summary", "entity", prompts=["What is it about?"], max_length=255),
        node(
            "issueTypeName",
            "entity",
            type="list",
            choices=[{"value": "Bug", "synonyms": ["defect"]}, "Task", "Story"],
            prompts=["Which type?"],
        ),
        node("createIssueAction", "bot_action", first="getResourceIdService"),
        service("getResourceIdService", "getAccessibleSite", "createIssueAction", on_failure="createIssueMessage"),
        service(
            "createIssueService",
            "createIssue",
            "createIssueAction",
            on_failure="createIssueMessage",
            body={
                "fields": {
                    "summary": "{{context.entities.summary}}",
                    "issuetype": {"name": "{{context.entities.issueTypeName}}"},
                    "project": {"key": "{{context.entities.projectKey}}"},
                }
            },
        ),
        service(
            "createdIssueInfoService",
            "getIssue",
            "createIssueAction",
            on_failure="createIssueMessage",
            parameters={"issueIdOrKey": "{{context.createIssueService.response.body.key}}"},
        ),
        node("createIssueMessage", "message", texts=["Created {{context.createIssueService.response.body.key}}."]),
    ]
    arrows = [
        *line("createIssue", "projectKey", "summary", "issueTypeName", "createIssueAction", "createIssueMessage"),
        *line("getResourceIdService", "createIssueService"),
        arrow(
            "createIssueService",
            "createdIssueInfoService",
            criterion("context", "createIssueService.response.statusCode", "equals", 201),
        ),
        arrow("createIssueService", "@end_of_action"),
        arrow("createdIssueInfoService", "@end_of_action"),
        arrow("createIssueMessage", "@end"),
    ]
    utterances = ["create an issue", "report a bug", "new ticket", "file an issue in jira", "open a ticket"]
    return task("createIssue", "Create an Issue", utterances, nodes, arrows)


def delete_issue() -> Document:
    nodes = [
        node(
            "issueKey", "entity", type="pattern", pattern="[A-Z]+-[0-9]+", letter_case="upper", prompts=["Which one?"]
        ),
        node("confirmDelete", "confirmation", prompts=["Really delete {{context.entities.issueKey}}?"]),
        service("deleteIssueService", "deleteIssue", parameters={"issueIdOrKey": "{{context.entities.issueKey}}"}),
        node("deleted", "message", texts=["{{context.entities.issueKey}} is deleted."]),
        node("kept", "message", texts=["{{context.entities.issueKey}} stays."]),
    ]
    arrows = [
        *line("deleteIssue", "issueKey", "confirmDelete"),
        arrow("confirmDelete", "deleteIssueService", criterion("confirmation", "confirmDelete", "equals", "yes")),
        arrow("confirmDelete", "kept"),
        arrow("deleteIssueService", "deleted"),
    ]
    return task("deleteIssue", "Delete an Issue", ["delete an issue", "remove a ticket"], nodes, arrows)


def get_issue() -> Document:
    nodes = [
        node("issueKey", "entity", pattern="[A-Z]+-[0-9]+", prompts=["Which one?"]),
        node("shown", "message", texts=["Here is {{context.entities.issueKey}}."]),
    ]
    utterances = ["get an issue by key", "show an issue", "find a ticket"]
    return task("getIssuebyKey", "Get an Issue by Key", utterances, nodes, line("getIssuebyKey", "issueKey", "shown"))


def get_all_issues() -> Document:
    nodes = [node("listed", "message", texts=["Here they are."])]
    utterances = ["get all issues", "list issues", "show me all tickets", "show my issues"]
    return task("getAllIssues", "Get All Issues", utterances, nodes, line("getAllIssues", "listed"))


def update_issue() -> Document:
    nodes = [node("done", "message", texts=["Done."])]
    utterances = ["update an issue", "change a ticket", "edit an issue"]
    return task("updateIssue", "Update an Issue", utterances, nodes, line("updateIssue", "done"))


ALL = (create_issue, get_issue, get_all_issues, update_issue, delete_issue)
