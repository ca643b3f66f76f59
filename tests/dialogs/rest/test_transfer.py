"""Dialogs as a file, out and in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.flows.author import draft_document
from dialogs.models import DialogTask
from tests.api import assert_problem, base, client_of
from tests.factories import AppFactory

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from xoplatform.models import App


@pytest.fixture
def file(api: APIClient, root: str, task: DialogTask) -> str:
    return str(api.get(f"{root}/export/").content, "utf-8")


def report(api: APIClient, app: App, file: str, **more: Any) -> dict[str, Any]:
    answer = api.post(f"{base(app)}/imports/report/", {"file": file, **more})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_what_one_app_exports_another_imports(api: APIClient, file: str, task: DialogTask) -> None:
    other = AppFactory()
    theirs = client_of(other)
    told = report(theirs, other, file)
    assert [(one["name"], one["effect"]) for one in told["tasks"]] == [("greet", "new")]
    assert not DialogTask.objects.filter(app=other).exists()
    answer = theirs.post(f"{base(other)}/imports/", {"file": file, "mark": told["mark"]})
    assert answer.status_code == 200
    assert draft_document(DialogTask.objects.get(app=other)) == draft_document(task)


def test_a_task_is_exported_alone(api: APIClient, at: str, app: App) -> None:
    answer = api.get(f"{at}/export/")
    assert answer.headers["Content-Type"] == "application/yaml; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{app.slug}-greet.yaml"'
    assert "name: greet" in answer.content.decode()


def test_what_is_live_is_exported_apart(api: APIClient, root: str, task: DialogTask) -> None:
    assert "name: greet" not in api.get(f"{root}/export/?what=published").content.decode()
    assert_problem(api.get(f"{root}/export/?what=both"), 400, "invalid", "/what")


def test_a_report_that_is_no_longer_true_is_not_applied(
    api: APIClient, root: str, app: App, file: str, at: str
) -> None:
    told = report(api, app, file, mode="full")
    api.patch(f"{at}/", {"title": "Changed"})
    answer = api.post(f"{root}/imports/", {"file": file, "mode": "full", "mark": told["mark"]})
    assert_problem(answer, 409, "stale_import")


def test_another_file_than_the_reported_one_is_not_applied(api: APIClient, root: str, app: App, file: str) -> None:
    told = report(api, app, file)
    other = file.replace("Greet", "Swapped")
    assert_problem(api.post(f"{root}/imports/", {"file": other, "mark": told["mark"]}), 409, "stale_import")


@pytest.mark.parametrize("text", ["{", "- a", "export: 9", "export: 1\ntasks: [{format: 1}]"])
def test_what_is_no_such_file_is_refused(text: str, api: APIClient, root: str) -> None:
    assert_problem(api.post(f"{root}/imports/report/", {"file": text}), 400, "unreadable_document")


def test_a_mode_that_does_not_exist_is_refused(api: APIClient, root: str, file: str) -> None:
    answer = api.post(f"{root}/imports/report/", {"file": file, "mode": "half"})
    assert_problem(answer, 400, "invalid", "/mode")


def test_a_file_may_be_larger_than_other_bodies(api: APIClient, app: App, settings: Any, file: str) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert report(api, app, file)["nothing"] is True
