"""Deliveries over HTTP to a receiver that is really there."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from dialogs import jobs
from dialogs.flows.webhooks import delivering, handing_out, keeping, lanes
from dialogs.flows.webhooks.types import TYPES
from dialogs.models import Webhook, WebhookDelivery, WebhookEvent
from tests.dialogs.hooks import Clock, happen, is_signed, only_delivery, work

if TYPE_CHECKING:
    from tests.dialogs.receiver import Received, Receiver
    from xoplatform.models import App

State = WebhookDelivery.State


def test_an_event_is_delivered_with_its_id_type_and_data(app: App, hook: Webhook, receiver: Receiver) -> None:
    (event,) = happen(app.pk)
    work()
    (sent,) = receiver.received
    assert sent.json == {
        "id": event.public_id,
        "type": "message.created",
        "timestamp": event.created_at.isoformat(),
        "app": app.slug,
        "data": {"number": 0},
    }
    assert sent.headers["webhook-id"] == event.public_id
    assert only_delivery().state == State.DELIVERED


def test_it_is_signed_as_the_specification_says(app: App, hook: Webhook, receiver: Receiver) -> None:
    happen(app.pk)
    work()
    assert is_signed(receiver.received[0], hook)
    assert not is_signed(receiver.received[0], "whsec_AAAA")


def test_after_a_rotation_both_secrets_verify_for_a_day_and_then_the_new_one_alone(
    app: App, hook: Webhook, receiver: Receiver, clock: Clock
) -> None:
    old, new = hook.secret.reveal(), keeping.rotate_secret(hook)
    happen(app.pk)
    work()
    assert is_signed(receiver.received[0], old)
    assert is_signed(receiver.received[0], new)
    clock.forward(hours=24, seconds=1)
    happen(app.pk)
    work()
    assert not is_signed(receiver.received[1], old)
    assert is_signed(receiver.received[1], new)


def test_only_the_types_that_were_chosen_are_sent(app: App, receiver: Receiver) -> None:
    keeping.create(app, "Errors", receiver.url, ["action.error"])
    happen(app.pk, type_="message.created")
    happen(app.pk, type_="action.error")
    work()
    assert [one.json["type"] for one in receiver.received] == ["action.error"]


def test_several_webhooks_get_the_same_event_under_the_same_id(app: App, hook: Webhook, receiver: Receiver) -> None:
    keeping.create(app, "Second", receiver.url, list(TYPES))
    happen(app.pk)
    work()
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    assert len(receiver.received) == 2


def test_a_webhook_that_is_off_gets_nothing(app: App, hook: Webhook, receiver: Receiver) -> None:
    keeping.change(hook, hook.name, hook.url, hook.events, active=False)
    happen(app.pk)
    work()
    assert receiver.received == []
    assert WebhookDelivery.objects.count() == 0


def test_deliveries_are_made_once_however_often_an_event_is_handed_out(app: App, hook: Webhook) -> None:
    (event,) = happen(app.pk)
    assert handing_out.hand_out([event.pk]) == {hook.pk}
    assert handing_out.hand_out([event.pk]) == set()
    assert WebhookDelivery.objects.count() == 1


def test_a_lane_that_somebody_holds_is_not_taken(app: App, hook: Webhook, receiver: Receiver) -> None:
    (event,) = happen(app.pk)
    handing_out.hand_out([event.pk])
    assert lanes.take(hook.pk) is not None
    assert delivering.deliver(hook.pk) is False
    assert receiver.received == []


def test_what_comes_while_the_lane_is_held_is_not_forgotten(app: App, hook: Webhook, receiver: Receiver) -> None:
    happen(app.pk)
    work()
    held = lanes.take(hook.pk)
    assert held is not None
    (event,) = happen(app.pk)
    handing_out.hand_out([event.pk])
    assert delivering.deliver(hook.pk) is False
    lanes.leave(held)
    work()
    assert len(receiver.received) == 2


def test_a_worker_that_died_is_noted_and_its_delivery_sent_again(
    app: App, hook: Webhook, receiver: Receiver, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_args: Any) -> None:
        raise Killed

    (event,) = happen(app.pk)
    handing_out.hand_out([event.pk])
    with monkeypatch.context() as dying:
        # It was sent, and the process ends before it notes the answer: the lane stays held, as after a crash.
        dying.setattr(delivering, "settle", die)
        dying.setattr(lanes, "leave", lambda _hook: None)
        with pytest.raises(Killed):
            delivering.deliver(hook.pk)
    work()
    assert len(receiver.received) == 1
    clock.forward(seconds=61)
    work()
    assert [one.headers["webhook-id"] for one in receiver.received] == [event.public_id] * 2
    row = only_delivery()
    assert row.state == State.DELIVERED
    assert [attempt["status"] for attempt in row.attempts] == [None, 204]
    assert "ended before the answer came" in row.attempts[0]["error"]


def test_a_webhook_gets_a_few_at_a_time(app: App, hook: Webhook, receiver: Receiver) -> None:
    under_way, most, lock = 0, 0, threading.Lock()
    full = threading.Event()

    def answer(_received: Received) -> tuple[int, Any]:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
            if under_way == delivering.AT_ONCE:
                full.set()
        full.wait(5)
        with lock:
            under_way -= 1
        return 204, None

    receiver.answer = answer
    happen(app.pk, delivering.AT_ONCE * 2)
    work()
    assert most == delivering.AT_ONCE
    assert WebhookDelivery.objects.filter(state=State.DELIVERED).count() == delivering.AT_ONCE * 2


def test_a_dead_receiver_does_not_hold_up_another(app: App, receiver: Receiver) -> None:
    keeping.create(app, "Dead", "http://127.0.0.1:9/", list(TYPES))
    alive, _secret = keeping.create(app, "Alive", receiver.url, list(TYPES))
    happen(app.pk, 30)
    work()
    assert len(receiver.received) == 30
    assert Webhook.objects.get(pk=alive.pk).failures == 0


def test_a_round_makes_no_more_queries_for_more_deliveries(
    app: App, hook: Webhook, django_assert_max_num_queries: Any
) -> None:
    happen(app.pk, delivering.AT_ONCE)
    handing_out.hand_out(WebhookEvent.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(16):
        delivering.deliver(hook.pk)


def test_no_database_transaction_is_open_while_something_is_sent(
    app: App, hook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    real = delivering.send
    before = len(connection.savepoint_ids)

    def watched(*args: Any) -> Any:
        seen.append(len(connection.savepoint_ids) - before)
        return real(*args)

    monkeypatch.setattr(delivering, "send", watched)
    happen(app.pk)
    work()
    assert seen == [0]


def test_one_job_hands_out_and_sends_what_others_were_queued_for(app: App, hook: Webhook, receiver: Receiver) -> None:
    first, *_others = happen(app.pk, 5)
    jobs.hand_out_events([first.pk])
    assert len(receiver.received) == 5
    assert handing_out.pending() == []
