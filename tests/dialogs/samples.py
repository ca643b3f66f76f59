"""Small dialogs that tests run: documents of format 1."""

from __future__ import annotations

from typing import Any


def node(name: str, kind: str, parent: str | None = None, **properties: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "title": name, "parent": parent, "properties": properties}


def arrow(source: str, target: str | None, condition: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"source": source, "target": target, "condition": condition, "label": ""}


def document(name: str, nodes: list[dict[str, Any]], transitions: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "format": 1,
        "name": name,
        "title": name.title(),
        "description": "",
        "start": nodes[0]["name"],
        "nodes": nodes,
        "transitions": transitions,
    }


def greeting(name: str = "greet", *, words: str = "Nice to meet you") -> dict[str, Any]:
    """Asks for a name and greets the person by it."""
    return document(
        name,
        [
            node(f"{name}Intent", "intent", utterances=["say hello", "greet me"]),
            node(
                "person",
                "entity",
                type="string",
                prompts=["What is your name?"],
                error_prompts=["I need a name."],
                requirement="mandatory",
                retries=3,
            ),
            node("answer", "message", texts=[words + ", {{context.entities.person}}."]),
        ],
        [arrow(f"{name}Intent", "person"), arrow("person", "answer"), arrow("answer", "@end")],
    )


def creating(name: str = "create") -> dict[str, Any]:
    """Asks for a summary, reads the project, creates an issue, and says how it went."""
    fields = {"project": {"key": "DEMO"}, "summary": "{{context.entities.summary}}", "issuetype": {"name": "Task"}}
    said = "{{context.createIssue.response.outcome}} {{context.createIssue.response.body.key}}"
    return document(
        name,
        [
            node(f"{name}Intent", "intent", utterances=["create an issue"]),
            node("summary", "entity", type="string", prompts=["What is it about?"], error_prompts=["In words?"]),
            node("work", "bot_action", first="readProject"),
            node(
                "readProject",
                "service",
                "work",
                provider="jira",
                operation="getProject",
                parameters={"projectIdOrKey": "DEMO"},
            ),
            node(
                "createIssue",
                "service",
                "work",
                provider="jira",
                operation="createIssue",
                body={"fields": fields},
                on_failure="failed",
            ),
            node("done", "message", texts=["Created: " + said]),
            node("failed", "message", texts=["Not sure: " + said]),
        ],
        [
            arrow(f"{name}Intent", "summary"),
            arrow("summary", "work"),
            arrow("readProject", "createIssue"),
            arrow("createIssue", "@end_of_action"),
            arrow("work", "done"),
            arrow("done", "@end"),
            arrow("failed", "@end"),
        ],
    )
