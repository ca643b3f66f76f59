"""Webhooks in admin: what is shown to whom, what is asked before, and the secret once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dialogs.flows.webhooks import keeping
from dialogs.flows.webhooks.types import TYPES
from dialogs.models import Webhook, WebhookDelivery
from integrations.models import AuditEntry
from tests.dialogs.hooks import happen, is_signed, only_delivery, work
from tests.dialogs.receiver import Receiver
from tests.factories import AppFactory, staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from xoplatform.models import App

MESSAGES = ["message.created"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        running.answer = lambda _received: (204, None)
        yield running


@pytest.fixture
def hook(app: App, receiver: Receiver) -> Webhook:
    return keeping.create(app, "Ours", f"{receiver.url}/in", list(TYPES))[0]


def url(app: App, page: str = "s", *args: Any) -> str:
    return reverse(f"admin:app_webhook{page}", args=[app.slug, *args])


def read(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_without_webhooks_the_page_says_so_and_offers_one(app: App, signed_in: Client) -> None:
    body = read(signed_in, url(app))
    assert "Nobody is told what happens in this App" in body
    assert url(app, "_new") in body


def test_a_webhook_is_added_and_its_secret_shown_once(app: App, signed_in: Client, receiver: Receiver) -> None:
    given = {"name": "Channel", "url": receiver.url, "events": MESSAGES, "active": "on"}
    body = signed_in.post(url(app, "_new"), given).content.decode()
    hook = Webhook.objects.get()
    assert re.findall(r"whsec_[\w+/=]+", body)[0] == hook.secret.reveal()
    for page in (url(app), url(app, "", hook.key), url(app, "_edit", hook.key)):
        assert "whsec_" not in read(signed_in, page)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "http://plain.example/", "Its address must begin with https"),
        ("url", "", "Give the address"),
        ("name", "", "Give it a name"),
        ("events", [], "Choose at least one event"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(
    app: App, signed_in: Client, field: str, value: Any, words: str
) -> None:
    given = {"name": "Channel", "url": "https://hooks.example.com/", "events": MESSAGES} | {field: value}
    answer = signed_in.post(url(app, "_new"), given)
    assert answer.status_code == 400
    assert f'id="{field}_error" role="alert">{words}' in answer.content.decode()
    assert Webhook.objects.count() == 0


def test_a_webhook_is_changed_and_turned_off(app: App, signed_in: Client, hook: Webhook) -> None:
    given = {"name": "Renamed", "url": "https://hooks.example.com/", "events": MESSAGES}
    assert signed_in.post(url(app, "_edit", hook.key), given).status_code == 302
    hook.refresh_from_db()
    assert (hook.name, hook.active, hook.events) == ("Renamed", False, MESSAGES)


def test_deleting_asks_first(app: App, signed_in: Client, hook: Webhook) -> None:
    assert "Delete the webhook “Ours”?" in read(signed_in, url(app, "_delete", hook.key))
    assert Webhook.objects.count() == 1
    signed_in.post(url(app, "_delete", hook.key))
    assert Webhook.objects.count() == 0


def test_a_ping_tells_what_came_of_it(app: App, signed_in: Client, hook: Webhook, receiver: Receiver) -> None:
    press = {"do": "ping"}
    assert (
        "The ping was taken: answered 204"
        in signed_in.post(url(app, "", hook.key), press, follow=True).content.decode()
    )
    receiver.answer = lambda _received: (401, None)
    body = signed_in.post(url(app, "", hook.key), press, follow=True).content.decode()
    assert "The ping was not taken. It answered 401. It may not accept the signature" in body


def test_a_new_secret_is_shown_once_and_both_sign_for_a_day(
    app: App, signed_in: Client, hook: Webhook, receiver: Receiver
) -> None:
    old = hook.secret.reveal()
    body = signed_in.post(url(app, "", hook.key), {"do": "secret"}).content.decode()
    new = re.findall(r"whsec_[\w+/=]+", body)[0]
    happen(app.pk)
    work()
    assert is_signed(receiver.received[0], old)
    assert is_signed(receiver.received[0], new)
    assert "signed with the secret before as well" in read(signed_in, url(app, "", hook.key))


def test_the_log_is_found_by_state_and_event(app: App, signed_in: Client, hook: Webhook, receiver: Receiver) -> None:
    happen(app.pk, type_="message.created")
    work()
    receiver.answer = lambda _received: (400, None)
    happen(app.pk, type_="action.error")
    work()
    page = url(app, "", hook.key)
    links = {row.type: url(app, "_delivery", hook.key, row.pk) for row in WebhookDelivery.objects.all()}
    for query, found in (
        ({}, ["action.error", "message.created"]),
        ({"state": "delivered"}, ["message.created"]),
        ({"state": "failed"}, ["action.error"]),
        ({"event": "action.error"}, ["action.error"]),
        ({"state": "nonsense", "before": "x"}, ["action.error", "message.created"]),
    ):
        body = read(signed_in, page, **query)
        assert [type_ for type_ in sorted(links) if links[type_] in body] == found
    assert "No delivery fits this" in read(signed_in, page, state="given_up")


def test_a_delivery_shows_what_is_sent_and_each_try(
    app: App, signed_in: Client, hook: Webhook, receiver: Receiver
) -> None:
    receiver.answer = lambda _received: (503, None)
    happen(app.pk)
    work()
    body = read(signed_in, url(app, "_delivery", hook.key, only_delivery().pk))
    assert "It answered 503." in body
    assert "&quot;number&quot;: 0" in body
    assert "Next try:" in body


def test_a_delivery_is_sent_again_after_a_question(
    app: App, signed_in: Client, hook: Webhook, receiver: Receiver
) -> None:
    happen(app.pk)
    work()
    page = url(app, "_delivery", hook.key, only_delivery().pk)
    assert "data-confirm" in read(signed_in, page)
    signed_in.post(page)
    work()
    assert len(receiver.received) == 2


def test_all_that_failed_is_counted_then_sent_again(
    app: App, signed_in: Client, hook: Webhook, receiver: Receiver
) -> None:
    receiver.answer = lambda _received: (400, None)
    happen(app.pk, 2)
    work()
    page = url(app, "_replay", hook.key)
    assert "2 deliveries to “Ours” of the last day were not taken" in read(signed_in, page)
    receiver.answer = lambda _received: (204, None)
    body = signed_in.post(page, {"hours": "24"}, follow=True).content.decode()
    assert "2 deliveries are being sent again." in body
    work()
    assert "nothing to send again" in read(signed_in, page)


def test_a_webhook_that_was_switched_off_says_why(
    app: App, signed_in: Client, hook: Webhook, receiver: Receiver
) -> None:
    receiver.answer = lambda _received: (410, None)
    happen(app.pk)
    work()
    assert "The receiver answered 410" in read(signed_in, url(app, "", hook.key))
    body = signed_in.post(url(app, "_delivery", hook.key, only_delivery().pk), follow=True).content.decode()
    assert "The webhook “Ours” is off. Nothing was sent." in body


def test_pages_cost_the_same_however_much_there_is(
    app: App, signed_in: Client, hook: Webhook, django_assert_max_num_queries: Any
) -> None:
    for name in ("Second", "Third"):
        keeping.create(app, name, hook.url, list(TYPES))
    happen(app.pk, 20)
    work()
    read(signed_in, url(app))
    for page in (url(app), url(app, "", hook.key), url(app, "_delivery", hook.key, hook.deliveries.latest("pk").pk)):
        with django_assert_max_num_queries(12):
            read(signed_in, page)


def test_viewers_look_and_change_nothing(app: App, client: Client, hook: Webhook) -> None:
    client.force_login(staff(app, Role.VIEWER))
    happen(app.pk)
    work()
    pages = [url(app), url(app, "", hook.key), url(app, "_delivery", hook.key, only_delivery().pk)]
    assert all("Send again</button>" not in read(client, page) for page in pages)
    assert [client.post(page).status_code for page in pages[1:]] == [403, 403]
    for page in ("_edit", "_delete", "_replay"):
        assert client.get(url(app, page, hook.key)).status_code == 403


def test_nobody_sees_another_apps_webhooks(app: App, client: Client, hook: Webhook) -> None:
    other = AppFactory.create()
    client.force_login(staff(other))
    assert client.get(url(app)).status_code == 404
    assert client.get(url(other, "", hook.key)).status_code == 404
    happen(app.pk)
    work()
    assert client.get(url(other, "_delivery", hook.key, only_delivery().pk)).status_code == 404


def test_the_audit_tells_which_staff_did_what_to_a_webhook(app: App, signed_in: Client, developer: Any) -> None:
    given = {"name": "Channel", "url": "https://hooks.example.com/", "events": MESSAGES, "active": "on"}
    signed_in.post(url(app, "_new"), given)
    key = Webhook.objects.get().key
    signed_in.post(url(app, "_edit", key), given | {"name": "Renamed"})
    signed_in.post(url(app, "", key), {"do": "secret"})
    signed_in.post(url(app, "_delete", key))
    told = AuditEntry.objects.order_by("pk").values_list("verb", "object", "actor")
    did = [("created", "Channel"), ("changed", "Renamed"), ("rotated", "Renamed"), ("deleted", "Renamed")]
    assert list(told) == [(f"webhook_{what}", name, developer.pk) for what, name in did]
