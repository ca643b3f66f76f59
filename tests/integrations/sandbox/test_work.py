"""Comments, transitions, projects, people and the instance itself."""

from __future__ import annotations

from tests.integrations.sandbox.visitor import SCOPES, Visitor, document


def test_a_comment_is_kept_with_its_author(visitor: Visitor) -> None:
    made = visitor.become().jira("POST", "issue/DEMO-1/comment", json={"body": document("Done")})
    assert made.status_code == 201
    page = visitor.jira("GET", "issue/DEMO-1/comment").get_json()
    assert page["total"] == 1
    assert page["comments"][0]["author"]["displayName"] == "Ada Ames"
    assert page["comments"][0]["body"] == document("Done")


def test_comments_come_in_the_asked_order_and_pages(visitor: Visitor) -> None:
    visitor.become()
    for words in ("one", "two", "three"):
        visitor.jira("POST", "issue/DEMO-1/comment", json={"body": document(words)})
    page = visitor.jira("GET", "issue/DEMO-1/comment?orderBy=-created&maxResults=2").get_json()
    assert [each["body"] for each in page["comments"]] == [document("three"), document("two")]
    assert page["total"] == 3


def test_a_plain_string_is_no_comment(visitor: Visitor) -> None:
    answer = visitor.become().jira("POST", "issue/DEMO-1/comment", json={"body": "plain"})
    assert answer.status_code == 400
    assert "Comment body is not valid!" in answer.text


def test_a_comment_without_permission_is_400(visitor: Visitor) -> None:
    visitor.control("projects", site="acme", key="DEMO", denied={"ben": ["ADD_COMMENTS"]})
    answer = visitor.become("ben", ["acme"]).jira("POST", "issue/DEMO-1/comment", json={"body": document("x")})
    assert answer.status_code == 400


def test_transitions_depend_on_the_status(visitor: Visitor) -> None:
    offered = visitor.become().jira("GET", "issue/DEMO-1/transitions").get_json()["transitions"]
    assert [each["name"] for each in offered] == ["In Progress", "Done"]
    assert [each["to"]["statusCategory"]["key"] for each in offered] == ["indeterminate", "done"]
    assert all("isLooped" in each and "looped" not in each for each in offered)


def test_a_transition_works_once_and_is_stale_then(visitor: Visitor) -> None:
    visitor.become()
    body = {"transition": {"id": "31"}}
    assert visitor.jira("POST", "issue/DEMO-1/transitions", json=body).status_code == 204
    assert visitor.jira("GET", "issue/DEMO-1").get_json()["fields"]["status"]["name"] == "Done"
    again = visitor.jira("POST", "issue/DEMO-1/transitions", json=body)
    assert again.status_code == 400
    assert again.get_json()["errorMessages"] == ["Transition id '31' is not valid for this issue."]


def test_a_transition_may_bring_a_comment(visitor: Visitor) -> None:
    body = {"transition": {"id": "21"}, "update": {"comment": [{"add": {"body": document("On it")}}]}}
    assert visitor.become().jira("POST", "issue/DEMO-1/transitions", json=body).status_code == 204
    assert visitor.jira("GET", "issue/DEMO-1/comment").get_json()["total"] == 1


def test_without_the_permission_the_list_of_transitions_is_empty(visitor: Visitor) -> None:
    visitor.control("projects", site="acme", key="DEMO", denied={"ben": ["TRANSITION_ISSUES"]})
    visitor.become("ben", ["acme"])
    assert visitor.jira("GET", "issue/DEMO-1/transitions").get_json()["transitions"] == []
    assert visitor.jira("POST", "issue/DEMO-1/transitions", json={"transition": {"id": "31"}}).status_code == 400


def test_projects_are_those_the_person_may_see(visitor: Visitor) -> None:
    page = visitor.become().jira("GET", "project/search").get_json()
    assert [each["key"] for each in page["values"]] == ["DEMO", "OPS", "SECRET"]
    page = visitor.become("ben", ["acme"]).jira("GET", "project/search?maxResults=1").get_json()
    assert [each["key"] for each in page["values"]] == ["DEMO"]
    assert (page["total"], page["isLast"]) == (2, False)
    assert visitor.jira("GET", "project/SECRET").status_code == 404


def test_projects_are_found_by_words_keys_and_action(visitor: Visitor) -> None:
    visitor.become("dee", ["acme"])

    def keys(query: str) -> list[str]:
        return [each["key"] for each in visitor.jira("GET", f"project/search?{query}").get_json()["values"]]

    assert keys("query=demo") == ["DEMO"]
    assert keys("keys=OPS") == ["OPS"]
    assert keys("action=create") == ["OPS"]


def test_a_project_tells_its_types_and_lead(visitor: Visitor) -> None:
    project = visitor.become().jira("GET", "project/DEMO").get_json()
    assert project["name"] == "Demo project"
    assert project["lead"]["displayName"] == "Ada Ames"
    assert "Bug" in [each["name"] for each in project["issueTypes"]]


def test_the_types_to_create_come_in_pages(visitor: Visitor) -> None:
    visitor.become()
    page = visitor.jira("GET", "issue/createmeta/DEMO/issuetypes?maxResults=2").get_json()
    assert (len(page["issueTypes"]), page["total"]) == (2, 4)
    refused = visitor.jira("GET", "issue/createmeta/DEMO/issuetypes?maxResults=201")
    assert refused.status_code == 400
    assert visitor.jira("GET", "issue/createmeta/NOPE/issuetypes").status_code == 404


def test_people_are_found_by_the_beginning_of_a_name(visitor: Visitor) -> None:
    visitor.become()
    assert [each["displayName"] for each in visitor.jira("GET", "user/search?query=bro").get_json()] == ["Ben Brook"]
    assert visitor.jira("GET", "user/search?query=gus").get_json() == []
    assert visitor.jira("GET", "user/search?query=eli@").get_json() == []
    assert visitor.jira("GET", "user/search").status_code == 400


def test_it_tells_who_the_caller_is(visitor: Visitor) -> None:
    me = visitor.become("fritz", ["acme"]).jira("GET", "myself").get_json()
    assert (me["accountId"], me["locale"], me["timeZone"]) == ("712020:0000-fritz", "de_DE", "America/New_York")


def test_the_licence_is_for_administrators_with_the_scope(visitor: Visitor) -> None:
    assert visitor.become().jira("GET", "instance/license").status_code == 401
    visitor.become(scope=f"{SCOPES} manage:jira-configuration")
    assert visitor.jira("GET", "instance/license").get_json()["applications"][0]["plan"] == "PAID"
    visitor.control("sites", name="acme", plan="UNLICENSED")
    assert visitor.jira("GET", "instance/license").get_json()["applications"][0]["plan"] == "UNLICENSED"
    visitor.become("ben", ["acme"], scope=f"{SCOPES} manage:jira-configuration")
    assert visitor.jira("GET", "instance/license").status_code == 403
