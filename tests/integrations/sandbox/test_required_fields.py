"""What projects and transitions ask for, as their metadata says it and as they hold people to it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integrations.sandbox.visitor import Visitor, document, services

INCIDENT = {"name": "Incident"}
ON_CALL = "712020:0000-ben"
NEEDED = {
    "description": document("Smoke"),
    "customfield_10030": {"value": "Major"},
    "customfield_10032": 12,
    "customfield_10034": {"accountId": ON_CALL},
}


def incident(visitor: Visitor, **fields: Any) -> Any:
    return visitor.create(project={"key": "OPS"}, issuetype=INCIDENT, **fields)


def fields_of(visitor: Visitor, project: str, type_id: str) -> dict[str, dict[str, Any]]:
    page = visitor.jira("GET", f"issue/createmeta/{project}/issuetypes/{type_id}").get_json()
    return {field["fieldId"]: field for field in page["fields"]}


def test_each_project_has_its_own_types(visitor: Visitor) -> None:
    types = visitor.become().jira("GET", "issue/createmeta/OPS/issuetypes").get_json()["issueTypes"]
    assert [each["name"] for each in types] == ["Task", "Incident"]
    refused = visitor.create(project={"key": "OPS"}, issuetype={"name": "Bug"})
    assert refused.get_json()["errors"]["issuetype"] == "Specify a valid issue type"


def test_metadata_says_which_fields_are_required(visitor: Visitor) -> None:
    visitor.become()
    needed = {name for name, field in fields_of(visitor, "OPS", "10005").items() if field["required"]}
    assert needed == {*NEEDED, "customfield_10031", "summary", "issuetype", "project", "reporter"}
    simple = {name for name, field in fields_of(visitor, "DEMO", "10001").items() if field["required"]}
    assert simple == {"summary", "issuetype", "project", "reporter"}


def test_metadata_tells_kind_and_allowed_values(visitor: Visitor) -> None:
    severity = fields_of(visitor.become(), "OPS", "10005")["customfield_10030"]
    assert severity["schema"] == {
        "type": "option",
        "custom": "com.atlassian.jira.plugin.system.customfieldtypes:select",
        "customId": 10030,
    }
    assert [each["value"] for each in severity["allowedValues"]] == ["Critical", "Major", "Minor"]
    assert (severity["name"], severity["hasDefaultValue"]) == ("Severity", False)


def test_without_the_permission_to_create_there_are_no_fields(visitor: Visitor) -> None:
    assert fields_of(visitor.become("dee", ["acme"]), "DEMO", "10001") == {}
    assert visitor.jira("GET", "issue/createmeta/DEMO/issuetypes/10005").status_code == 404


def test_a_missing_field_is_named(visitor: Visitor) -> None:
    answer = incident(visitor.become(), **services("Mail"), description=document("Smoke"))
    assert answer.status_code == 400
    assert answer.get_json()["errors"] == {
        "customfield_10030": "Severity is required.",
        "customfield_10032": "People affected is required.",
        "customfield_10034": "On call is required.",
    }


def test_with_all_of_them_it_is_created_and_shows_them(visitor: Visitor) -> None:
    made = incident(visitor.become(), **services("Mail", "Login"), **NEEDED)
    assert made.status_code == 201, made.text
    fields = visitor.jira("GET", f"issue/{made.get_json()['key']}").get_json()["fields"]
    assert fields["customfield_10030"] == {"value": "Major", "id": "10131"}
    assert [each["value"] for each in fields["customfield_10031"]] == ["Mail", "Login"]
    assert fields["customfield_10034"]["displayName"] == "Ben Brook"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("customfield_10030", {"value": "Funny"}, "Option 'Funny' is not valid"),
        ("customfield_10031", {"value": "Mail"}, "must be an array"),
        ("customfield_10031", [{"value": "Tea"}], "Option 'Tea'"),
        ("customfield_10032", "many", "must be a number"),
        ("customfield_10033", "yesterday", "Error parsing date"),
        ("customfield_10034", {"accountId": "nobody"}, "valid user"),
        ("customfield_10035", {"value": "Hardware", "child": {"value": "Database"}}, "Option 'Database'"),
    ],
)
def test_a_wrong_value_is_named(visitor: Visitor, field: str, value: Any, words: str) -> None:
    answer = incident(visitor.become(), **{**services("Mail"), **NEEDED, field: value})
    assert words in answer.get_json()["errors"][field]


def test_a_cascading_choice_is_kept_with_its_child(visitor: Visitor) -> None:
    cause = {"id": "10150", "child": {"id": "10161"}}
    made = incident(visitor.become(), **services("Mail"), **NEEDED, customfield_10035=cause)
    fields = visitor.jira("GET", f"issue/{made.get_json()['key']}").get_json()["fields"]
    assert fields["customfield_10035"]["child"]["value"] == "Network card"


def test_a_field_of_another_project_cannot_be_set(visitor: Visitor) -> None:
    answer = visitor.become().create(customfield_10030={"value": "Major"})
    assert "cannot be set" in answer.get_json()["errors"]["customfield_10030"]


def test_a_transition_shows_the_fields_it_requires_when_it_is_asked_for_them(visitor: Visitor) -> None:
    visitor.become()
    plain = visitor.jira("GET", "issue/OPS-1/transitions").get_json()["transitions"]
    assert all("fields" not in each for each in plain)
    page = visitor.jira("GET", "issue/OPS-1/transitions?expand=transitions.fields").get_json()
    done = next(each for each in page["transitions"] if each["id"] == "31")
    assert done["hasScreen"]
    assert done["fields"]["resolution"]["required"]


def test_a_transition_holds_people_to_what_it_requires(visitor: Visitor) -> None:
    visitor.become()
    body: dict[str, Any] = {"transition": {"id": "31"}}
    refused = visitor.jira("POST", "issue/OPS-1/transitions", json=body)
    assert (refused.status_code, refused.get_json()["errors"]) == (400, {"resolution": "Resolution is required."})
    body["fields"] = {"resolution": {"name": "Done"}}
    assert visitor.jira("POST", "issue/OPS-1/transitions", json=body).status_code == 204
    assert visitor.jira("GET", "issue/OPS-1").get_json()["fields"]["resolution"]["name"] == "Done"


def test_assignable_people_are_those_who_may_see_the_project(visitor: Visitor) -> None:
    visitor.become()

    def names(query: str) -> list[str]:
        found = visitor.jira("GET", f"user/assignable/search?{query}").get_json()
        return [each["displayName"] for each in found]

    assert names("issueKey=DEMO-1&query=b") == ["Ben Brook"]
    assert names("project=SECRET") == ["Ada Ames"]
    assert visitor.jira("GET", "user/assignable/search?query=b").status_code == 400
    visitor.control("projects", site="acme", key="DEMO", denied={"ada": ["ASSIGN_ISSUES"]})
    assert names("issueKey=DEMO-1&query=b") == []
