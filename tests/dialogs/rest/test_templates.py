"""Templates over the API: listed with what they need, installed one by one or all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialogs.flows import progress
from dialogs.models import DialogTask
from integrations import api as integrations
from tests.api import assert_problem
from tests.factories import ActionFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

    from xoplatform.models import App


@pytest.fixture
def configured(app: App) -> None:
    ActionFactory(app=app, enabled=True)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, object]]]:
    """What was handed to the workers."""
    jobs: list[dict[str, object]] = []
    monkeypatch.setattr(progress, "enqueue", lambda job, **arguments: jobs.append({"job": job, **arguments}))
    return jobs  # type: ignore[return-value]


def test_templates_are_listed_with_what_they_need(api: APIClient, root: str) -> None:
    items = {one["id"]: one for one in api.get(f"{root}/templates/").json()["items"]}
    assert len(items) == len(integrations.templates("jira"))
    assert items["get-issue-by-key"]["operations"] == ["getAccessibleSite", "getIssue"]
    assert (items["create-issue"]["configured"], items["create-issue"]["task"]) == (False, None)


def test_a_template_is_read_with_its_document(api: APIClient, root: str) -> None:
    found = api.get(f"{root}/templates/jira/create-issue/").json()
    assert found["document"]["format"] == 1


@pytest.mark.usefixtures("configured")
def test_a_template_is_installed_and_then_known_as_a_task(api: APIClient, root: str) -> None:
    answer = api.post(f"{root}/templates/jira/create-issue/install/", {})
    assert answer.status_code == 201
    task = api.get(answer.headers["Location"]).json()
    assert task["origin"]["template"] == "create-issue"
    items = {one["id"]: one["task"] for one in api.get(f"{root}/templates/jira/").json()["items"]}
    assert items["create-issue"] == task["id"]


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(("mode", "status", "count"), [("keep", 200, 1), ("replace", 200, 1), ("duplicate", 201, 2)])
def test_what_is_installed_already_is_kept_replaced_or_doubled(
    mode: str, status: int, count: int, api: APIClient, root: str
) -> None:
    api.post(f"{root}/templates/jira/create-issue/install/", {})
    answer = api.post(f"{root}/templates/jira/create-issue/install/", {"mode": mode})
    assert (answer.status_code, DialogTask.objects.count()) == (status, count)


@pytest.mark.usefixtures("configured")
def test_what_is_installed_already_is_refused_unless_somebody_chose(api: APIClient, root: str) -> None:
    api.post(f"{root}/templates/jira/create-issue/install/", {})
    assert_problem(api.post(f"{root}/templates/jira/create-issue/install/", {}), 409, "already_installed")


def test_without_the_action_nothing_is_installed(api: APIClient, root: str) -> None:
    assert_problem(api.post(f"{root}/templates/jira/create-issue/install/", {}), 409, "action_not_configured")
    assert_problem(api.post(f"{root}/templates/jira/install/"), 409, "action_not_configured")


@pytest.mark.parametrize("path", ["nobody/", "nobody/create-issue/", "jira/no-such/"])
def test_what_does_not_exist_is_not_found(path: str, api: APIClient, root: str) -> None:
    assert api.get(f"{root}/templates/{path}").status_code == 404


@pytest.mark.usefixtures("configured")
def test_all_are_installed_in_the_background_with_progress(
    api: APIClient, root: str, queue: list[dict[str, object]], app: App
) -> None:
    answer = api.post(f"{root}/templates/jira/install/")
    assert answer.status_code == 202
    assert {one["installation"]["status"] for one in answer.json()["items"]} == {"waiting"}
    progress.carry_out(app.pk, "jira", queue[0]["template_ids"])  # type: ignore[arg-type]
    items = api.get(answer.headers["Location"]).json()["items"]
    assert {one["installation"]["status"] for one in items} == {"installed"}
    assert all(one["task"] for one in items)


@pytest.mark.usefixtures("configured")
def test_the_list_costs_the_same_however_much_is_installed(
    api: APIClient, root: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    api.get(f"{root}/templates/")
    with django_assert_max_num_queries(8):
        api.get(f"{root}/templates/")
    for template in integrations.templates("jira"):
        api.post(f"{root}/templates/jira/{template.id}/install/", {})
    with django_assert_max_num_queries(8):
        api.get(f"{root}/templates/")
