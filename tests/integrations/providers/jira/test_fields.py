"""Each kind of field that Jira's metadata knows, as it can be asked."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.providers.jira.fields import PARAGRAPH, described

CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes"


def ask(kind: str, items: str = "", custom: str = "", name: str = "customfield_1", **about: Any) -> dict[str, Any]:
    """What one field's metadata becomes, without what all have in common."""
    schema = {"type": kind} | ({"items": items} if items else {}) | ({"custom": f"{CUSTOM}:{custom}"} if custom else {})
    (field,) = described([(name, {"name": "A field", "required": True, "schema": schema, **about})])
    return {key: value for key, value in field.items() if key not in ("name", "title", "required", "has_default")}


def test_name_title_and_whether_it_must_be_given_are_told() -> None:
    about = {"name": "Severity", "required": True, "hasDefaultValue": True, "schema": {"type": "number"}}
    assert described([("customfield_7", about)]) == [
        {"name": "customfield_7", "title": "Severity", "required": True, "has_default": True, "type": "number"}
    ]


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        (ask("string", name="summary"), {"type": "string", "max_length": 255}),
        (ask("string", custom="textfield"), {"type": "string", "max_length": 255}),
        (ask("string", custom="url"), {"type": "url", "max_length": 255}),
        (ask("string", custom="textarea"), {"type": "description", "shape": PARAGRAPH}),
        (ask("string", name="description"), {"type": "description", "shape": PARAGRAPH}),
        (ask("number", custom="float"), {"type": "number"}),
        (ask("date", name="duedate"), {"type": "date"}),
        (
            ask("group"),
            {"type": "string", "ask": "Which group? Its name, please.", "shape": {"name": "{{value}}"}},
        ),
        (
            ask("issuelink", name="parent"),
            {
                "type": "string",
                "ask": "Which issue? Its key, such as DEMO-1.",
                "shape": {"key": "{{value}}"},
                "pattern": "[A-Za-z][A-Za-z0-9_]+-[0-9]+",
            },
        ),
        (
            ask("array", "string", name="labels"),
            {"type": "string", "many": True, "max_length": 255, "pattern": r"\S+"},
        ),
    ],
)
def test_a_field_becomes_a_question(field: dict[str, Any], asked: dict[str, Any]) -> None:
    assert field == asked


def test_people_are_looked_up_by_what_is_typed() -> None:
    person = ask("user", custom="userpicker")
    assert person["lookup"]["operation"] == "findUsers"
    assert person["shape"] == {"accountId": "{{value}}"}
    assert ask("array", "user", custom="multiuserpicker")["shape"] == [{"accountId": "{{value}}"}]


def test_allowed_values_are_offered_by_name_and_sent_by_id() -> None:
    allowed = [{"id": "1", "name": "High", "self": "https://x", "iconUrl": "https://y"}, {"id": "2", "value": "Low"}]
    assert ask("priority", allowedValues=allowed) == {
        "type": "list",
        "choices": [{"title": "High", "value": {"id": "1"}}, {"title": "Low", "value": {"id": "2"}}],
    }


def test_several_of_them_can_be_given_for_a_list() -> None:
    assert ask("array", "component", allowedValues=[{"id": "1", "name": "Web"}])["many"]


def test_two_values_of_one_name_can_be_told_apart() -> None:
    choices = ask("version", allowedValues=[{"id": "1", "name": "2.0"}, {"id": "2", "name": "2.0"}])["choices"]
    assert [choice["title"] for choice in choices] == ["2.0 (1)", "2.0 (2)"]


def test_a_cascading_choice_offers_each_child_under_both_names() -> None:
    allowed = [{"id": "1", "value": "Hardware", "children": [{"id": "2", "value": "Disk"}]}]
    assert ask("option-with-child", allowedValues=allowed)["choices"] == [
        {"title": "Hardware", "value": {"id": "1"}},
        {"title": "Hardware / Disk", "value": {"id": "1", "child": {"id": "2"}}},
    ]


@pytest.mark.parametrize(
    "field",
    [
        ask("array", "attachment", name="attachment"),
        ask("any", custom="asset-picker"),
        ask("array", "json", custom="gh-sprint"),
        ask("comments-page", name="comment"),
        ask("option", allowedValues=[{"id": str(number), "value": str(number)} for number in range(501)]),
    ],
)
def test_what_a_chat_cannot_ask_has_no_type(field: dict[str, Any]) -> None:
    assert field == {}


def test_metadata_without_a_schema_is_no_error() -> None:
    assert "type" not in described([("x", {})])[0]
