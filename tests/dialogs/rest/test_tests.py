"""Tests of dialogs over the API."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.flows.converse import post_message
from dialogs.models import DialogTest
from tests.api import assert_problem
from tests.dialogs import factories, samples
from tests.factories import AppFactory

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

    from dialogs.models import DialogTask
    from xoplatform.models import App, EndUser


def turns(last: str = "Nice to meet you, Ada.") -> list[dict[str, Any]]:
    return [
        {"say": "greet me", "expect": {"replies": [{"match": "equals", "text": "What is your name?"}]}},
        {"say": "Ada", "expect": {"replies": [{"match": "equals", "text": last}], "waits": ""}},
    ]


def made(api: APIClient, root: str, **body: Any) -> Any:
    return api.post(f"{root}/tests/", {"name": "Greets", "turns": turns(), **body})


def test_a_test_is_made_and_passes(api: APIClient, root: str, task: DialogTask) -> None:
    answer = made(api, root, task=task.pk)
    assert answer.status_code == 201
    outcome = api.post(answer.headers["Location"] + "run/").json()
    assert (outcome["passed"], outcome["first"], outcome["error"]) == (True, "", "")
    assert api.get(answer.headers["Location"]).json()["status"] == "passed"


def test_a_test_that_fails_shows_what_was_expected_and_what_came(api: APIClient, root: str, task: DialogTask) -> None:
    where = made(api, root, turns=turns("Good day.")).headers["Location"]
    answer = api.post(where + "run/")
    outcome = answer.json()
    assert (answer.status_code, outcome["passed"]) == (200, False)
    assert outcome["turns"][1]["findings"][0] == {
        "what": "Reply 1",
        "expected": "Good day.",
        "got": "Nice to meet you, Ada.",
        "passed": False,
    }
    assert "expected “Good day.”, got “Nice to meet you, Ada.”" in outcome["first"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"turns": "no"}, "/turns"),
        ({"turns": [{}]}, "/turns/0"),
        ({"turns": [{"say": 5}]}, "/turns/0/say"),
        ({"task": 999}, "/task"),
        ({"setting": {"person": []}}, "/setting/person"),
    ],
)
def test_what_is_no_test_is_refused_where_it_is_wrong(
    body: dict[str, Any], pointer: str, api: APIClient, root: str
) -> None:
    assert_problem(made(api, root, **body), 400, "invalid", pointer)


def test_a_task_of_another_app_cannot_be_tested(api: APIClient, root: str) -> None:
    foreign = factories.task(AppFactory(), samples.greeting())
    assert_problem(made(api, root, task=foreign.pk), 400, "invalid", "/task")


def test_a_name_that_is_taken_is_refused(api: APIClient, root: str) -> None:
    made(api, root)
    assert_problem(made(api, root), 409, "test_name_taken")


def test_a_change_forgets_how_it_went(api: APIClient, root: str, task: DialogTask) -> None:
    where = made(api, root).headers["Location"]
    api.post(where + "run/")
    read = api.get(where)
    answer = api.patch(where, {"turns": turns("Hi.")}, headers={"If-Match": read.headers["ETag"]})
    assert (answer.json()["status"], answer.json()["result"]) == ("never", None)
    answer = api.patch(where, {"name": "Mine"}, headers={"If-Match": read.headers["ETag"]})
    assert_problem(answer, 412, "changed_meanwhile")


def test_a_test_is_deleted(api: APIClient, root: str) -> None:
    where = made(api, root).headers["Location"]
    assert api.delete(where).status_code == 204
    assert_problem(api.get(where), 404, "unknown_test")


def test_a_test_of_another_app_does_not_exist(api: APIClient, root: str) -> None:
    foreign = DialogTest.objects.create(app=AppFactory(), name="Theirs", turns=[])
    assert_problem(api.get(f"{root}/tests/{foreign.pk}/"), 404, "unknown_test")
    assert_problem(api.post(f"{root}/tests/{foreign.pk}/run/"), 404, "unknown_test")


def test_all_tests_of_a_task_are_run(api: APIClient, root: str, app: App, task: DialogTask) -> None:
    other = factories.task(app, samples.greeting("other"))
    made(api, root, task=task.pk)
    made(api, root, task=other.pk, name="Other")
    made(api, root, name="Wrong", turns=turns("No."), task=task.pk)
    told = api.post(f"{root}/tests/run/", {"task": task.pk}).json()
    assert (told["passed"], told["failed"]) == (1, 1)
    assert [one["name"] for one in told["outcomes"]] == ["Greets", "Wrong"]
    assert api.post(f"{root}/tests/run/", {}).json()["passed"] == 2


def test_a_conversation_becomes_a_test(api: APIClient, root: str, person: EndUser, task: DialogTask) -> None:
    said = post_message(person.app, person, "greet me", draft=True)
    answer = api.post(f"{root}/tests/record/", {"conversation": str(said.conversation), "name": "Recorded"})
    assert (answer.status_code, answer.json()["turns"][0]["say"]) == (201, "greet me")
    assert_problem(api.post(f"{root}/tests/record/", {"conversation": str(uuid.uuid4())}), 404, "unknown_conversation")


def test_a_list_costs_the_same_whatever_its_length(
    api: APIClient, root: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    api.get(f"{root}/tests/")
    for count in (2, 12):
        for number in range(count):
            made(api, root, name=f"{count}.{number}")
        with django_assert_num_queries(2):
            api.get(f"{root}/tests/")
