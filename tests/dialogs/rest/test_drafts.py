"""Drafts over the API: as a document, by edits, by nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.flows.author import draft_document
from dialogs.flows.publish import publish
from tests.api import assert_problem

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

    from dialogs.models import DialogTask

UNASKED = {"op": "set_node", "name": "person", "properties_patch": {"prompts": []}}


def titled(name: str, title: str) -> dict[str, Any]:
    return {"op": "set_node", "name": name, "title": title}


def test_a_draft_is_read_and_put_back_as_it_was(api: APIClient, at: str, task: DialogTask) -> None:
    before = draft_document(task)
    draft = api.get(f"{at}/draft/").json()
    answer = api.put(f"{at}/draft/", draft)
    assert answer.status_code == 200
    assert draft_document(task) == before


def test_a_whole_document_replaces_the_draft(api: APIClient, at: str) -> None:
    read = api.get(f"{at}/draft/")
    draft = read.json()
    draft["nodes"][2]["title"] = "A warm word"
    answer = api.put(f"{at}/draft/", draft, headers={"If-Match": read.headers["ETag"]})
    assert answer.json()["nodes"][2]["title"] == "A warm word"
    assert answer.headers["ETag"] == api.get(f"{at}/draft/").headers["ETag"]


def test_a_stale_document_is_refused_with_what_conflicts(api: APIClient, at: str, task: DialogTask) -> None:
    read = api.get(f"{at}/draft/")
    api.post(f"{at}/edits/", {"ops": [titled("answer", "Theirs")]})
    draft = read.json()
    draft["nodes"][2]["title"] = "Mine"
    answer = assert_problem(
        api.put(f"{at}/draft/", draft, headers={"If-Match": read.headers["ETag"]}), 409, "edit_conflict"
    )
    assert [(one["node"], one["mine"], one["theirs"]) for one in answer["conflicts"]] == [("answer", "Mine", "Theirs")]
    assert draft_document(task)["nodes"][2]["title"] == "Theirs"


def test_a_document_without_a_revision_is_still_held_to_its_tag(api: APIClient, at: str, task: DialogTask) -> None:
    read = api.get(f"{at}/draft/")
    api.post(f"{at}/edits/", {"ops": [titled("answer", "Theirs")]})
    draft = {key: value for key, value in read.json().items() if key != "revision"}
    answer = api.put(f"{at}/draft/", draft, headers={"If-Match": read.headers["ETag"]})
    assert_problem(answer, 412, "changed_meanwhile")
    assert draft_document(task)["nodes"][2]["title"] == "Theirs"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": "other"}, "/name"),
        ({"revision": "1"}, "/revision"),
        ({"format": True}, "/format"),
        ({"nodes": [{"name": "x", "kind": "k" * 41}]}, "/nodes/0/kind"),
        ({"transitions": [{"target": "x"}]}, "/transitions/0"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_where_it_is_wrong(
    change: dict[str, Any], pointer: str, api: APIClient, at: str
) -> None:
    draft = api.get(f"{at}/draft/").json() | change
    assert_problem(api.put(f"{at}/draft/", draft), 400, "invalid", pointer)


def test_a_document_that_points_at_nothing_is_refused(api: APIClient, at: str) -> None:
    draft = api.get(f"{at}/draft/").json()
    draft["transitions"].append({"source": "answer", "target": "nowhere"})
    assert_problem(api.put(f"{at}/draft/", draft), 400, "unreadable_document")


def test_operations_are_merged_with_what_others_did(api: APIClient, at: str) -> None:
    api.post(f"{at}/edits/", {"base": 1, "ops": [titled("answer", "Theirs")]})
    answer = api.post(f"{at}/edits/", {"base": 1, "ops": [titled("person", "Mine")]}).json()
    assert [op["name"] for op in answer["others"]] == ["answer"]
    assert answer["revision"] == 3


def test_operations_on_the_same_conflict(api: APIClient, at: str) -> None:
    api.post(f"{at}/edits/", {"base": 1, "ops": [titled("answer", "Theirs")]})
    answer = api.post(f"{at}/edits/", {"base": 1, "ops": [titled("answer", "Mine")]})
    told = assert_problem(answer, 409, "edit_conflict")
    assert (told["revision"], told["conflicts"][0]["theirs"]) == (2, "Theirs")


@pytest.mark.parametrize("ops", [[{"op": "fly"}], [{"op": "remove_node", "name": "nobody"}], [{}]])
def test_an_operation_that_cannot_be_made_is_named(ops: list[dict[str, Any]], api: APIClient, at: str) -> None:
    answer = api.post(f"{at}/edits/", {"ops": [titled("answer", "x"), *ops]})
    assert assert_problem(answer, 400, "bad_edit")["at"] == 1


def test_what_keeps_a_draft_from_being_published_is_listed(api: APIClient, at: str) -> None:
    told = api.post(f"{at}/edits/", {"ops": [UNASKED]}).json()
    problems = api.get(f"{at}/problems/").json()["items"]
    assert problems == told["problems"]
    assert [(one["node"], one["property"]) for one in problems] == [("person", "prompts")]


def test_changes_are_discarded_after_a_look_at_them(api: APIClient, at: str, task: DialogTask) -> None:
    publish(task)
    api.post(f"{at}/edits/", {"ops": [titled("answer", "Changed")]})
    lost = api.get(f"{at}/discard/").json()
    assert [one["name"] for one in lost["nodes"]] == ["answer"]
    assert api.post(f"{at}/discard/").json()["state"] == "published"


def test_without_a_version_there_is_nothing_to_go_back_to(api: APIClient, at: str) -> None:
    assert_problem(api.post(f"{at}/discard/"), 409, "nothing_published")


# --- Nodes ------------------------------------------------------------------------------------


def test_a_node_is_added_read_and_deleted(api: APIClient, at: str) -> None:
    node = {"name": "bye", "kind": "message", "properties": {"texts": ["Bye!"]}}
    answer = api.post(f"{at}/nodes/", node)
    assert answer.status_code == 201
    where = answer.headers["Location"]
    assert api.get(where).json() == {**node, "title": "", "parent": None, "position": None}
    assert api.delete(where).status_code == 204
    assert_problem(api.get(where), 404, "not_found")


def test_a_node_is_replaced_and_renamed_with_what_mentions_it(api: APIClient, at: str, task: DialogTask) -> None:
    node = api.get(f"{at}/nodes/person/").json()
    answer = api.put(f"{at}/nodes/person/", {**node, "name": "whom", "title": "Whom"})
    assert answer.json()["title"] == "Whom"
    texts = api.get(f"{at}/nodes/answer/").json()["properties"]["texts"]
    assert texts == ["Nice to meet you, {{context.entities.whom}}."]


def test_a_node_that_was_changed_meanwhile_is_not_overwritten(api: APIClient, at: str) -> None:
    read = api.get(f"{at}/nodes/answer/")
    api.post(f"{at}/edits/", {"ops": [titled("answer", "Theirs")]})
    answer = api.put(f"{at}/nodes/answer/", read.json(), headers={"If-Match": read.headers["ETag"]})
    assert_problem(answer, 412, "changed_meanwhile")


def test_a_change_of_another_node_does_not_matter(api: APIClient, at: str) -> None:
    read = api.get(f"{at}/nodes/answer/")
    api.post(f"{at}/edits/", {"ops": [titled("person", "Theirs")]})
    answer = api.put(f"{at}/nodes/answer/", read.json(), headers={"If-Match": read.headers["ETag"]})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"name": "1st"}, "/name"), ({"properties": []}, "/properties"), ({"position": {"x": 1}}, "/position/y")],
)
def test_what_is_no_node_is_refused_where_it_is_wrong(
    change: dict[str, Any], pointer: str, api: APIClient, at: str
) -> None:
    node = {"name": "bye", "kind": "message"}
    assert_problem(api.post(f"{at}/nodes/", node | change), 400, "invalid", pointer)


def test_transitions_of_a_node_are_replaced(api: APIClient, at: str) -> None:
    read = api.get(f"{at}/nodes/person/transitions/")
    assert read.json() == {"items": [{"target": "answer", "condition": None, "label": ""}]}
    answer = api.put(
        f"{at}/nodes/person/transitions/", {"items": [{"target": "@end"}]}, headers={"If-Match": read.headers["ETag"]}
    )
    assert answer.json() == {"items": [{"target": "@end", "condition": None, "label": ""}]}
    everything = api.get(f"{at}/transitions/").json()["items"]
    assert {"source": "person", "target": "@end", "condition": None, "label": ""} in everything


def test_a_transition_to_nothing_is_refused(api: APIClient, at: str) -> None:
    answer = api.put(f"{at}/nodes/person/transitions/", {"items": [{"target": "nowhere"}]})
    assert_problem(answer, 400, "bad_edit")


@pytest.mark.parametrize("path", ["nodes/", "transitions/", "draft/"])
def test_reading_costs_the_same_whatever_the_size(
    path: str, api: APIClient, at: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    api.get(f"{at}/")
    for start in (0, 20):
        nodes = [{"op": "add_node", "node": {"name": f"n{start + n}", "kind": "message"}} for n in range(10)]
        api.post(f"{at}/edits/", {"ops": nodes})
        with django_assert_num_queries(5):
            api.get(f"{at}/{path}")
