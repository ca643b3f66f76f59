"""Dialog tasks over the API: listed, made, changed, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.flows.publish import publish
from dialogs.models import DialogTask
from tests.api import assert_problem, base
from tests.dialogs import factories, samples
from tests.factories import AppFactory

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

    from xoplatform.models import App


def test_a_title_is_enough_to_make_a_task(api: APIClient, root: str) -> None:
    answer = api.post(f"{root}/tasks/", {"title": "Order a laptop"})
    assert (answer.status_code, answer.json()["name"]) == (201, "orderALaptop")
    assert api.get(answer.headers["Location"]).json() == answer.json()


def test_a_document_becomes_a_task_under_another_name(api: APIClient, root: str) -> None:
    made = api.post(f"{root}/tasks/", {"document": samples.greeting(), "name": "hello", "title": "Hello"}).json()
    assert (made["name"], made["title"], made["state"]) == ("hello", "Hello", "draft")
    nodes = api.get(f"{root}/tasks/{made['id']}/nodes/").json()["items"]
    assert [node["name"] for node in nodes] == ["greetIntent", "person", "answer"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/title"),
        ({"title": 5}, "/title"),
        ({"title": "x" * 201}, "/title"),
        ({"title": "Hi", "name": "no blanks"}, "/name"),
        ({"document": "no"}, "/document"),
        ({"document": {"format": 2}}, "/document/format"),
        ({"document": samples.greeting() | {"nodes": [{"name": "a"}]}}, "/document/nodes/0"),
        ({"document": samples.greeting() | {"settings": {"resume": "never"}}}, "/document/settings/resume"),
    ],
)
def test_what_cannot_be_a_task_is_refused_where_it_is_wrong(
    body: dict[str, Any], pointer: str, api: APIClient, root: str
) -> None:
    assert_problem(api.post(f"{root}/tasks/", body), 400, "invalid", pointer)


def test_a_name_that_is_taken_is_refused(api: APIClient, root: str, task: DialogTask) -> None:
    assert_problem(api.post(f"{root}/tasks/", {"title": "Hi", "name": task.name}), 409, "task_name_taken")


def test_a_list_is_filtered_by_name_and_state(api: APIClient, root: str, app: App, task: DialogTask) -> None:
    other = factories.task(app, samples.greeting("other"))
    publish(other)
    found = [
        [one["name"] for one in api.get(f"{root}/tasks/?{query}").json()["items"]]
        for query in ("name=greet", "state=draft", "state=published", "state=changed", "")
    ]
    assert found == [["greet"], ["greet"], ["other"], [], ["other", "greet"]]


def test_a_state_that_does_not_exist_is_refused(api: APIClient, root: str) -> None:
    assert_problem(api.get(f"{root}/tasks/?state=perfect"), 400, "invalid", "/state")


def test_a_list_costs_the_same_whatever_its_length(
    api: APIClient, root: str, app: App, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    api.get(f"{root}/tasks/")
    for count in (2, 12):
        for number in range(count):
            publish(factories.task(app, samples.greeting(f"task{count}x{number}")))
        with django_assert_num_queries(2):
            api.get(f"{root}/tasks/")


def test_what_is_given_is_changed(api: APIClient, at: str) -> None:
    answer = api.patch(f"{at}/", {"title": "Welcome", "settings": {"resume": "ask"}})
    assert (answer.json()["title"], answer.json()["settings"], answer.json()["revision"]) == (
        "Welcome",
        {"resume": "ask"},
        2,
    )
    assert answer.json()["description"] == ""


def test_a_change_on_what_was_changed_meanwhile_is_refused(api: APIClient, at: str, task: DialogTask) -> None:
    tag = api.get(f"{at}/").headers["ETag"]
    api.patch(f"{at}/", {"title": "Theirs"})
    answer = api.patch(f"{at}/", {"title": "Mine"}, headers={"If-Match": tag})
    assert_problem(answer, 412, "changed_meanwhile")
    assert DialogTask.objects.get(pk=task.pk).title == "Theirs"


def test_a_setting_that_does_not_exist_is_refused(api: APIClient, at: str) -> None:
    assert_problem(api.patch(f"{at}/", {"settings": {"speed": 3}}), 400, "invalid", "/settings/speed")


def test_a_task_is_deleted_after_telling_what_stops(api: APIClient, at: str, task: DialogTask) -> None:
    publish(task)
    stops = api.get(f"{at}/deletion/").json()
    assert stops == {"stops": ["Channels can no longer start it: it is published."], "used_in": []}
    assert api.delete(f"{at}/").status_code == 204
    assert_problem(api.get(f"{at}/"), 404, "not_found")


def test_a_copy_has_a_name_of_its_own(api: APIClient, at: str) -> None:
    answer = api.post(f"{at}/duplicate/")
    assert (answer.status_code, answer.json()["name"]) == (201, "greet2")


@pytest.mark.parametrize("path", ["", "deletion/", "draft/", "problems/", "nodes/", "versions/", "comparison/"])
def test_a_task_of_another_app_does_not_exist(path: str, api: APIClient, root: str) -> None:
    foreign = factories.task(AppFactory(), samples.greeting())
    assert_problem(api.get(f"{root}/tasks/{foreign.pk}/{path}"), 404, "not_found")
    assert_problem(api.get(f"{base(foreign.app)}/tasks/{foreign.pk}/{path}"), 404, "not_found")


def test_the_same_request_makes_one_task(api: APIClient, root: str) -> None:
    for _ in range(2):
        answer = api.post(f"{root}/tasks/", {"title": "Once"}, headers={"Idempotency-Key": "k1"})
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert DialogTask.objects.count() == 1
