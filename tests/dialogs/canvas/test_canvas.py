from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dialogs.flows import author
from dialogs.models import DialogTest, Version
from tests.dialogs.factories import task
from tests.dialogs.samples import arrow, creating, document, greeting, node
from tests.factories import AppFactory, ProfileFactory, staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from django.test import Client

    from dialogs.models import DialogTask
    from xoplatform.models import App


@pytest.fixture
def creates(app: App) -> DialogTask:
    return task(app, creating())


def url(name: str, row: DialogTask) -> str:
    return reverse(f"admin:{name}", args=[row.app.slug, row.pk])


def publish(client: Client, row: DialogTask, note: str = "") -> Any:
    return client.post(url("app_canvas_publish", row), {"note": note}, content_type="application/json")


def test_the_page_tells_the_front_end_where_its_data_is(creates: DialogTask, signed_in: Client) -> None:
    page = signed_in.get(url("app_canvas", creates))
    assert f'data-source="{url("app_canvas_data", creates)}"' in page.content.decode()
    assert "csrftoken" in page.cookies


def test_the_data_hold_every_node_and_arrow_of_the_draft(creates: DialogTask, signed_in: Client) -> None:
    data = signed_in.get(url("app_canvas_data", creates)).json()
    names = {entry["id"]: entry["name"] for entry in data["nodes"]}
    assert list(names.values()) == [entry["name"] for entry in creating()["nodes"]]
    assert {names[entry["parent"]] for entry in data["nodes"] if entry["parent"]} == {"work"}
    arrows = {(names[entry["source"]], names.get(entry["target"], entry["target"])) for entry in data["transitions"]}
    assert ("work", "done") in arrows
    assert ("done", "@end") in arrows
    assert data["task"] | {"id": 0} == {
        "id": 0,
        "name": "create",
        "title": "Create",
        "description": "",
        "start": "createIntent",
        "settings": {},
        "state": "draft",
        "version": None,
    }
    assert data["operations"]["createIssue"] == {
        "method": "POST",
        "path": "/rest/api/3/issue",
        "title": "Create an issue",
    }
    assert data["urls"]["data"] == url("app_canvas_data", creates)


def test_the_data_take_the_same_number_of_queries_for_any_size(
    app: App, creates: DialogTask, signed_in: Client, django_assert_num_queries: Any
) -> None:
    signed_in.get(url("app_canvas_data", creates))  # the App is chosen, and remembered in the session
    for row in (creates, task(app, greeting())):
        # session, user, App, role; task with its version, nodes, transitions, revision, other tasks, who
        # runs this one, profiles
        with django_assert_num_queries(12):
            signed_in.get(url("app_canvas_data", row))


def test_the_data_hold_what_an_editor_offers(app: App, creates: DialogTask, signed_in: Client, developer: Any) -> None:
    task(app, greeting())
    ProfileFactory.create(app=app, name="Ours", type="basic")
    task(app, document("caller", [node("start", "intent"), node("call", "dialog", task="create")], []))
    data = signed_in.get(url("app_canvas_data", creates)).json()
    assert data["kinds"]["entity"]["group"] == "ask"
    assert data["kinds"]["entity"]["schema"]["properties"]["prompts"]["title"] == "Prompts"
    assert data["kinds"]["service"]["silent"] is True
    assert data["entity_types"]["number"]["properties"][:2] == ["minimum", "maximum"]
    assert data["providers"]["jira"]["operations"]["createIssue"]["body"]["type"] == "object"
    assert [entry["name"] for entry in data["tasks"]] == ["caller", "greet"]
    assert data["profiles"] == [{"name": "Ours", "type": "basic"}]
    assert data["used_in"] == [{"name": "caller", "title": "Caller"}]
    assert data["uses"]["createIssue"] == 5
    assert "context.entities.summary" in {entry["path"] for entry in data["variables"]}


def test_problems_are_told_with_the_node_they_are_at(app: App, signed_in: Client) -> None:
    row = task(
        app,
        document(
            "broken",
            [node("start", "intent", utterances=["go"]), node("call", "service", provider="jira", operation="fly")],
            [arrow("start", "call"), arrow("call", "@end")],
        ),
    )
    problems = signed_in.get(url("app_canvas_data", row)).json()["problems"]
    assert [problem["node"] for problem in problems] == ["call"]
    refused = publish(signed_in, row)
    assert refused.status_code == 409
    assert refused.json()["problems"] == problems
    assert not Version.objects.exists()


def test_publishing_answers_with_the_version(creates: DialogTask, signed_in: Client, developer: Any) -> None:
    assert publish(signed_in, creates, "first").json() == {"version": 1}
    data = signed_in.get(url("app_canvas_data", creates)).json()
    assert (data["task"]["state"], data["task"]["version"]) == ("published", 1)
    author.touch(creates)
    assert signed_in.get(url("app_canvas_data", creates)).json()["task"]["state"] == "changed"
    version = Version.objects.get()
    assert (version.note, version.created_by) == ("first", developer)


def test_a_viewer_reads_the_canvas_but_may_not_publish(app: App, creates: DialogTask, client: Client) -> None:
    client.force_login(staff(app, Role.VIEWER))
    assert client.get(url("app_canvas", creates)).status_code == 200
    assert client.get(url("app_canvas_data", creates)).json()["may"] == {"edit": False, "publish": False, "talk": False}
    assert publish(client, creates).status_code == 403
    assert not Version.objects.exists()


@pytest.mark.parametrize("name", ["app_canvas", "app_canvas_data", "app_canvas_publish"])
def test_a_dialog_of_another_app_is_not_found(name: str, app: App, signed_in: Client) -> None:
    other = task(AppFactory.create(), greeting())
    for slug in (app.slug, other.app.slug):
        address = reverse(f"admin:{name}", args=[slug, other.pk])
        method = signed_in.post if name.endswith("publish") else signed_in.get
        assert method(address, {}, content_type="application/json").status_code == 404


def test_failing_tests_hold_publishing_up_until_somebody_insists(
    app: App, creates: DialogTask, signed_in: Client
) -> None:
    test = DialogTest.objects.create(
        app=app, task=creates, name="greets", turns=[{"say": "x", "expect": {"waits": "y"}}]
    )
    url = reverse("admin:app_canvas_publish", args=[app.slug, creates.pk])
    refused = signed_in.post(url, {"note": ""}, content_type="application/json")
    assert refused.status_code == 409
    assert refused.json()["tests"] == [
        {
            "id": test.pk,
            "name": "greets",
            "first": "Turn 1, Waits at: expected “y”, got “(nothing)”.",
            "url": reverse("admin:app_test", args=[app.slug, test.pk]),
        }
    ]
    insisted = signed_in.post(url, {"note": "", "despite_tests": True}, content_type="application/json")
    assert insisted.json() == {"version": 1}
