"""Settings of conversations, the agent desk and the signing secret over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.engine.settings import DEFAULTS
from dialogs.flows.event_settings import secret_of
from tests.api import assert_problem
from tests.dialogs.receiver import Receiver

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from xoplatform.models import App

SETTINGS = "conversation-settings/"


def test_settings_are_defaults_until_somebody_chooses(api: APIClient, root: str) -> None:
    assert api.get(f"{root}/{SETTINGS}").json() == dict(DEFAULTS)


def test_what_is_sent_is_changed_and_null_gives_the_default_back(api: APIClient, root: str) -> None:
    assert api.patch(f"{root}/{SETTINGS}", {"resume": "ask", "most_held": 2}).json()["resume"] == "ask"
    answer = api.patch(f"{root}/{SETTINGS}", {"resume": None}).json()
    assert answer == {**DEFAULTS, "most_held": 2}


@pytest.mark.parametrize(
    ("name", "value"), [("resume", "never"), ("most_held", 99), ("speed", 1), ("amend", "yes"), ("most_held", "2")]
)
def test_a_setting_that_cannot_be_kept_is_refused(name: str, value: Any, api: APIClient, root: str) -> None:
    assert_problem(api.patch(f"{root}/{SETTINGS}", {name: value}), 400, "invalid", f"/{name}")


def test_settings_that_were_changed_meanwhile_are_not_overwritten(api: APIClient, root: str) -> None:
    tag = api.get(f"{root}/{SETTINGS}").headers["ETag"]
    api.patch(f"{root}/{SETTINGS}", {"resume": "ask"})
    answer = api.patch(f"{root}/{SETTINGS}", {"resume": "silent"}, headers={"If-Match": tag})
    assert_problem(answer, 412, "changed_meanwhile")


def test_the_desk_is_set_and_taken_away(api: APIClient, root: str) -> None:
    assert api.put(f"{root}/agent-desk/", {"url": "https://desk.example/in"}).json()["url"] == "https://desk.example/in"
    assert api.put(f"{root}/agent-desk/", {"url": ""}).json() == {"url": "", "conversations": 0, "tasks": []}


def test_a_desk_that_is_not_safe_to_send_to_is_refused(api: APIClient, root: str) -> None:
    assert_problem(api.put(f"{root}/agent-desk/", {"url": "http://desk.example/in"}), 400, "unsafe_desk")
    assert_problem(api.put(f"{root}/agent-desk/", {"url": "desk"}), 400, "invalid", "/url")


def test_the_desk_is_tried(api: APIClient, root: str, settings: Any) -> None:
    assert api.post(f"{root}/agent-desk/try/").json()["taken"] is False
    settings.XO_ALLOW_PRIVATE_HOSTS = ["127.0.0.1"]
    with Receiver() as desk:
        api.put(f"{root}/agent-desk/", {"url": f"{desk.url}/in"})
        assert api.post(f"{root}/agent-desk/try/").json()["taken"] is True


def test_a_secret_is_shown_once(api: APIClient, root: str, app: App) -> None:
    assert api.get(f"{root}/signing-secret/").json() == {"exists": False}
    answer = api.post(f"{root}/signing-secret/")
    assert (answer.status_code, answer.json()["secret"]) == (201, secret_of(app.pk))
    assert api.get(f"{root}/signing-secret/").json() == {"exists": True}
