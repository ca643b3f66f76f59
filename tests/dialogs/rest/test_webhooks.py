"""Webhooks over the API: made, changed, tried, read, sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.flows.webhooks import keeping
from dialogs.flows.webhooks.types import TYPES
from dialogs.models import Webhook, WebhookDelivery
from integrations.models import AuditEntry
from tests.api import assert_problem
from tests.dialogs.hooks import happen, is_signed, only_delivery, work
from tests.dialogs.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rest_framework.test import APIClient

    from xoplatform.models import App

NEW: dict[str, Any] = {"name": "Web chat", "url": "https://chat.example.com/events", "events": ["message.created"]}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        running.answer = lambda _received: (204, None)
        yield running


@pytest.fixture
def hook(app: App, receiver: Receiver) -> Webhook:
    return keeping.create(app, "Ours", f"{receiver.url}/in?token=hidden-token", list(TYPES))[0]


@pytest.fixture
def one(root: str, hook: Webhook) -> str:
    return f"{root}/webhooks/{hook.key}/"


def test_a_webhook_is_made_and_its_secret_told_once(api: APIClient, root: str) -> None:
    answer = api.post(f"{root}/webhooks/", NEW)
    assert answer.status_code == 201
    assert answer.json()["secret"] == Webhook.objects.get().secret.reveal()
    read = api.get(answer.headers["Location"])
    assert read.json() == {name: value for name, value in answer.json().items() if name != "secret"}
    assert "whsec_" not in api.get(f"{root}/webhooks/").content.decode()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"url": "http://plain.example/"}, "/url"),
        ({"url": 5}, "/url"),
        ({"events": []}, "/events"),
        ({"events": ["message.deleted"]}, "/events/0"),
        ({"active": "yes"}, "/active"),
    ],
)
def test_the_field_at_fault_is_named(api: APIClient, root: str, change: dict[str, Any], pointer: str) -> None:
    assert_problem(api.post(f"{root}/webhooks/", NEW | change), 400, "invalid", pointer)
    assert Webhook.objects.count() == 0


def test_there_are_twenty_at_most(api: APIClient, root: str, app: App) -> None:
    for number in range(keeping.MOST):
        keeping.create(app, f"Number {number}", NEW["url"], NEW["events"])
    assert_problem(api.post(f"{root}/webhooks/", NEW), 409, "too_many_webhooks")


def test_what_is_given_is_changed_and_the_rest_stays(api: APIClient, one: str, hook: Webhook) -> None:
    answer = api.patch(one, {"active": False})
    assert (answer.json()["active"], answer.json()["name"]) == (False, "Ours")
    hook.refresh_from_db()
    assert hook.url.endswith("token=hidden-token")


def test_a_change_on_what_is_no_more_is_refused(api: APIClient, one: str) -> None:
    tag = api.get(one).headers["ETag"]
    api.patch(one, {"name": "Theirs"})
    assert_problem(api.patch(one, {"name": "Mine"}, headers={"If-Match": tag}), 412, "changed_meanwhile")


def test_what_may_be_a_secret_in_the_address_is_hidden(api: APIClient, root: str, one: str) -> None:
    assert all("hidden-token" not in api.get(page).content.decode() for page in (one, f"{root}/webhooks/"))


def test_a_webhook_is_deleted(api: APIClient, one: str) -> None:
    assert api.delete(one).status_code == 204
    assert_problem(api.get(one), 404, "not_found")


def test_after_a_rotation_both_secrets_sign(
    api: APIClient, one: str, app: App, hook: Webhook, receiver: Receiver
) -> None:
    old, told = hook.secret.reveal(), api.post(f"{one}rotate-secret/").json()
    happen(app.pk)
    work()
    assert is_signed(receiver.received[0], old)
    assert is_signed(receiver.received[0], told["secret"])
    assert told["both_secrets_until"]


def test_a_ping_tells_what_came_of_it(api: APIClient, one: str, receiver: Receiver) -> None:
    assert api.post(f"{one}ping/").json()["attempts"][0]["status"] == 204
    receiver.answer = lambda _received: (500, None)
    told = api.post(f"{one}ping/").json()
    assert (told["state"], told["attempts"][0]["error"]) == ("given_up", "It answered 500.")


def test_the_log_is_read_and_filtered(api: APIClient, one: str, app: App, receiver: Receiver) -> None:
    happen(app.pk)
    work()
    receiver.answer = lambda _received: (400, None)
    (event,) = happen(app.pk, type_="action.error")
    work()
    listed = api.get(f"{one}deliveries/", {"state": "failed"}).json()["items"]
    assert [(item["event_id"], item["type"]) for item in listed] == [(event.public_id, "action.error")]
    read = api.get(f"{one}deliveries/{listed[0]['id']}/").json()
    assert read["payload"]["data"] == {"number": 0}
    assert_problem(api.get(f"{one}deliveries/", {"state": "lost"}), 400, "invalid", "/state")


def test_one_delivery_is_sent_again(api: APIClient, one: str, app: App, receiver: Receiver) -> None:
    happen(app.pk)
    work()
    answer = api.post(f"{one}deliveries/{only_delivery().pk}/replay/")
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    work()
    assert len(receiver.received) == 2


def test_what_was_not_taken_is_sent_again(api: APIClient, one: str, app: App, receiver: Receiver) -> None:
    receiver.answer = lambda _received: (400, None)
    happen(app.pk, 3)
    work()
    receiver.answer = lambda _received: (204, None)
    assert api.post(f"{one}replay/", {"since": "2020-01-01T00:00:00Z"}).json() == {"count": 3}
    work()
    assert WebhookDelivery.objects.filter(state="delivered").count() == 3
    assert_problem(api.post(f"{one}replay/", {}), 400, "invalid", "/since")


def test_nothing_is_sent_again_to_a_webhook_that_is_off(api: APIClient, one: str, app: App, receiver: Receiver) -> None:
    receiver.answer = lambda _received: (410, None)
    happen(app.pk)
    work()
    assert "410" in api.get(one).json()["off_reason"]
    assert_problem(api.post(f"{one}deliveries/{only_delivery().pk}/replay/"), 409, "webhook_is_off")


def test_the_audit_tells_who_did_what_to_a_webhook(api: APIClient, root: str) -> None:
    one = api.post(f"{root}/webhooks/", NEW).headers["Location"]
    api.patch(one, {"active": False})
    api.post(f"{one}rotate-secret/")
    api.delete(one)
    told = AuditEntry.objects.filter(verb__startswith="webhook_").order_by("pk")
    did = ("created", "changed", "rotated", "deleted")
    assert list(told.values_list("verb", "object", "actor_name")) == [
        (f"webhook_{what}", "Web chat", "API key tests") for what in did
    ]
