"""The two addresses that other systems post to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from dialogs.flows.event_settings import save_desk, secret_of
from dialogs.models import Wait
from dialogs.outside.addresses import address_of
from dialogs.outside.signing import signed
from tests.dialogs.receiver import Receiver
from tests.dialogs.waiting import Queue, Talk, calling, helping, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from xoplatform.models import App, EndUser


@pytest.fixture
def other() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def callback(app: App, person: EndUser, other: Receiver) -> str:
    """The address of a callback that is waited for."""
    talk = Talk(app, person, calling(f"{other.url}/orders"))
    talk.say("order something")
    talk.say("a lamp")
    return str(other.received[0].json["callback_url"])


@pytest.fixture
def desk(app: App, person: EndUser, other: Receiver) -> str:
    """The address at which an agent may answer."""
    save_desk(app, f"{other.url}/")
    talk = Talk(app, person, helping())
    talk.say("get help")
    talk.say("the printer burns")
    return str(other.received[0].json["reply_url"])


def post(client: Client, url: str, data: Any, **headers: str) -> Any:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return client.post(url, body, content_type="application/json", headers=headers)


def test_a_callback_is_taken(client: Client, callback: str, queue: Queue) -> None:
    answer = post(client, callback, {"number": 8})
    assert (answer.status_code, answer.json()) == (202, {"taken": True})
    queue.work()
    assert told() == ["Ordered: 8"]


def test_it_costs_few_queries(client: Client, callback: str, queue: Queue, django_assert_num_queries: Any) -> None:
    # The wait; then SAVEPOINT, arrival, end of the wait, RELEASE.
    with django_assert_num_queries(5):
        post(client, callback, {"number": 8})


def test_the_second_callback_is_told_that_it_is_over(client: Client, callback: str, queue: Queue) -> None:
    post(client, callback, {"number": 8})
    answer = post(client, callback, {"number": 9})
    assert answer.status_code == 410
    assert answer.json() == {
        "error": "What waited at this address waits no more: it has been answered. Nothing was done.",
        "code": "wait_over",
    }


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_post_is_taken(client: Client, callback: str, method: str) -> None:
    assert getattr(client, method)(callback).status_code == 405


def test_a_guess_leads_nowhere(client: Client, db: None) -> None:
    assert post(client, "/events/callback/guessed/", {}).status_code == 404


def test_a_callback_does_not_open_a_form_or_a_desk(client: Client, callback: str) -> None:
    for path in ("forms", "events/desk"):
        assert post(client, callback.replace("events/callback", path), {}).status_code == 404


def test_guessing_is_slowed_down(client: Client, db: None) -> None:
    for number in range(60):
        post(client, f"/events/callback/{number}/", {})
    answer = post(client, "/events/callback/another/", {})
    assert answer.status_code == 429
    assert "try again in" in answer.json()["error"]


def test_those_who_know_an_address_are_not_slowed_down_by_others(client: Client, callback: str, queue: Queue) -> None:
    for number in range(60):
        client.post(f"/events/callback/{number}/", REMOTE_ADDR="192.0.2.1")
    assert post(client, callback, {"number": 8}).status_code == 202


def test_one_address_takes_sixty_a_minute(client: Client, callback: str) -> None:
    answers = [post(client, callback, b"no").status_code for _ in range(61)]
    assert answers == [400] * 60 + [429]


def test_a_delivery_that_is_too_large_is_not_read(client: Client, callback: str) -> None:
    assert post(client, callback, b'"' + b"x" * 256 * 1024 + b'"').status_code == 413
    assert Wait.objects.get().status == Wait.Status.OPEN


def test_the_desk_must_sign(client: Client, app: App, desk: str, queue: Queue) -> None:
    body = json.dumps({"type": "message", "text": "Hi", "agent": "Ada"}).encode()
    assert post(client, desk, body).status_code == 401
    answer = post(client, desk, body, **signed(secret_of(app.pk), "d-1", body, timezone.now()))
    assert (answer.status_code, answer.json()) == (202, {"taken": True, "repeated": False})
    queue.work()
    assert told() == ["Hi"]


def test_a_repeated_delivery_of_the_desk_is_answered_alike(client: Client, app: App, desk: str, queue: Queue) -> None:
    body = json.dumps({"type": "close"}).encode()
    headers = signed(secret_of(app.pk), "d-1", body, timezone.now())
    post(client, desk, body, **headers)
    assert post(client, desk, body, **headers).json() == {"taken": True, "repeated": True}


def test_another_apps_secret_is_no_permission(client: Client, desk: str) -> None:
    from tests.factories import AppFactory

    body = json.dumps({"type": "close"}).encode()
    headers = signed(secret_of(AppFactory.create().pk), "d-1", body, timezone.now())
    assert post(client, desk, body, **headers).status_code == 401


def test_no_address_is_in_the_access_log(client: Client, callback: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        post(client, callback, b"no")
    token = callback.rstrip("/").rpartition("/")[2]
    assert token not in caplog.text
    assert address_of("webhook", Wait.objects.get().key) == callback
