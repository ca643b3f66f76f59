"""Versions over the API: published, compared, rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.flows.publish import publish
from dialogs.models import DialogTest
from tests.api import assert_problem
from tests.factories import staff

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

    from dialogs.models import DialogTask
    from xoplatform.models import App


def retitled(api: APIClient, at: str, title: str) -> None:
    api.post(f"{at}/edits/", {"ops": [{"op": "set_node", "name": "answer", "title": title}]})


def published(api: APIClient, at: str, **body: Any) -> Any:
    return api.post(f"{at}/versions/", body)


def test_a_draft_is_published_with_a_note(api: APIClient, at: str) -> None:
    answer = published(api, at, note="First")
    assert answer.status_code == 201
    version = api.get(answer.headers["Location"]).json()
    assert (version["number"], version["note"], version["live"]) == (1, "First", True)
    assert [node["name"] for node in version["document"]["nodes"]] == ["greetIntent", "person", "answer"]


def test_a_draft_that_is_published_already_makes_no_version(api: APIClient, at: str) -> None:
    published(api, at)
    answer = published(api, at)
    assert (answer.status_code, answer.json()["number"]) == (200, 1)


def test_a_draft_with_problems_is_not_published(api: APIClient, at: str) -> None:
    api.post(f"{at}/edits/", {"ops": [{"op": "set_node", "name": "person", "properties_patch": {"prompts": []}}]})
    told = assert_problem(published(api, at), 409, "dialog_has_problems")
    assert "person" in [one["node"] for one in told["problems"]]


def test_a_draft_that_fails_its_tests_is_published_only_if_that_is_meant(
    api: APIClient, at: str, app: App, task: DialogTask
) -> None:
    turns = [{"say": "greet me", "expect": {"replies": [{"match": "equals", "text": "No."}]}}]
    DialogTest.objects.create(app=app, task=task, name="Says no", turns=turns)
    told = assert_problem(published(api, at), 409, "tests_failed")
    assert told["tests"][0]["name"] == "Says no"
    assert published(api, at, despite_tests=True).status_code == 201


def test_versions_are_listed_with_who_made_them(api: APIClient, at: str, task: DialogTask, app: App) -> None:
    publish(task, staff(app), "By hand")
    retitled(api, at, "New")
    published(api, at)
    listed = api.get(f"{at}/versions/").json()["items"]
    assert [(one["number"], one["live"], bool(one["created_by"])) for one in listed] == [
        (2, True, False),
        (1, False, True),
    ]
    assert listed[0]["changes"] == {"added": 0, "removed": 0, "changed": 1, "task": 0}


def test_a_list_of_versions_costs_the_same_whatever_its_length(
    api: APIClient, at: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for title in "abcdefgh":
        retitled(api, at, title)
        published(api, at)
        if title in "bh":
            with django_assert_num_queries(3):
                api.get(f"{at}/versions/")


def test_the_live_version_is_compared_with_the_draft(api: APIClient, at: str) -> None:
    published(api, at)
    retitled(api, at, "New")
    found = api.get(f"{at}/comparison/").json()
    assert [(one["name"], one["state"]) for one in found["nodes"]] == [("answer", "changed")]
    assert "New" in found["nodes"][0]["lines"][0]["words"]


def test_two_versions_are_compared(api: APIClient, at: str) -> None:
    for title in ("One", "Two"):
        retitled(api, at, title)
        published(api, at)
    assert api.get(f"{at}/comparison/?before=1&after=v2").json()["nodes"][0]["name"] == "answer"


def test_a_version_that_does_not_exist_is_not_compared(api: APIClient, at: str) -> None:
    assert_problem(api.get(f"{at}/comparison/?before=7"), 404, "unknown_version")
    assert_problem(api.get(f"{at}/comparison/?before=latest"), 400, "invalid", "/before")
    assert_problem(api.get(f"{at}/versions/7/"), 404, "not_found")


def test_going_back_is_looked_at_and_then_done(api: APIClient, at: str) -> None:
    for title in ("One", "Two"):
        retitled(api, at, title)
        published(api, at)
    look = api.get(f"{at}/versions/1/roll-back/").json()
    assert look["coming"]["nodes"][0]["name"] == "answer"
    answer = api.post(f"{at}/versions/1/roll-back/", {"revision": look["revision"]})
    assert (answer.json()["number"], answer.json()["live"]) == (3, True)
    assert api.get(f"{at}/nodes/answer/").json()["title"] == "One"


def test_going_back_over_an_edit_that_was_not_looked_at_is_refused(api: APIClient, at: str) -> None:
    published(api, at)
    retitled(api, at, "New")
    answer = api.post(f"{at}/versions/1/roll-back/", {"revision": 1})
    assert_problem(answer, 409, "changed_since_look")


def test_a_viewer_reads_and_publishes_nothing(client: Client, app: App, at: str) -> None:
    client.force_login(staff(app, role="viewer"))  # type: ignore[arg-type]
    assert client.get(f"{at}/versions/").status_code == 200
    assert_problem(client.post(f"{at}/versions/", {}, content_type="application/json"), 403, "not_allowed")
