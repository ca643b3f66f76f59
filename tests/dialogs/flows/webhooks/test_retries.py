"""What happens when a delivery is not taken. Time is moved, nobody sleeps."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from dialogs.errors import WebhookIsOff
from dialogs.flows.webhooks import delivering, keeping, outbox, replaying, schedule
from dialogs.flows.webhooks.types import TYPES
from dialogs.models import Webhook, WebhookDelivery
from tests.dialogs.hooks import Clock, happen, only_delivery, work

if TYPE_CHECKING:
    from tests.dialogs.receiver import Receiver
    from xoplatform.models import App

State = WebhookDelivery.State


def always(status: int) -> Any:
    return lambda _received: (status, None)


@pytest.fixture
def failing(hook: Webhook, receiver: Receiver) -> Webhook:
    receiver.answer = always(400)
    return hook


def test_the_pauses_grow_and_fill_a_day_but_no_more() -> None:
    assert list(schedule.PAUSES) == sorted(schedule.PAUSES)
    longest = timedelta(seconds=sum(schedule.PAUSES) * (1 + schedule.JITTER))
    assert schedule.LIMIT - timedelta(hours=1) < longest < schedule.LIMIT


@pytest.mark.parametrize(("tries", "seconds"), list(enumerate(schedule.PAUSES, 1)))
def test_a_pause_is_the_planned_one_give_or_take_a_tenth(tries: int, seconds: int) -> None:
    pauses = {schedule.pause_after(tries) for _ in range(50)}
    assert all(pause and abs(pause.total_seconds() - seconds) <= seconds * 0.1 + 0.001 for pause in pauses)
    assert len(pauses) > 1


def test_what_was_not_taken_is_tried_again_when_its_pause_is_over(
    app: App, failing: Webhook, receiver: Receiver, clock: Clock
) -> None:
    happen(app.pk)
    work()
    assert only_delivery().state == State.FAILED
    clock.forward(seconds=4)
    work()
    assert len(receiver.received) == 1
    clock.forward(seconds=2)
    receiver.answer = always(200)
    work()
    row = only_delivery()
    assert row.state == State.DELIVERED
    assert [(one["status"], one["error"]) for one in row.attempts] == [(400, "It answered 400."), (200, "")]


def test_it_is_given_up_after_the_last_pause(app: App, failing: Webhook, receiver: Receiver, clock: Clock) -> None:
    happen(app.pk)
    work()
    for pause in schedule.PAUSES:
        assert only_delivery().next_attempt_at is not None
        clock.forward(seconds=pause * 1.1 + 1)
        work()
    row = only_delivery()
    assert row.state == State.GIVEN_UP
    assert row.next_attempt_at is None
    clock.forward(days=1)
    work()
    assert len(receiver.received) == len(row.attempts) == len(schedule.PAUSES) + 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_that_names_its_time_is_left_alone_until_then(
    app: App, hook: Webhook, receiver: Receiver, clock: Clock, status: int
) -> None:
    receiver.answer, receiver.headers = always(status), {"Retry-After": "900"}
    happen(app.pk)
    work()
    receiver.answer, receiver.headers = always(204), {}
    happen(app.pk)
    clock.forward(seconds=890)
    work()
    assert len(receiver.received) == 1
    clock.forward(seconds=20)
    work()
    assert len(receiver.received) == 3


def test_410_turns_the_webhook_off_and_says_why(app: App, hook: Webhook, receiver: Receiver) -> None:
    receiver.answer = always(410)
    happen(app.pk)
    work()
    hook.refresh_from_db()
    assert not hook.active
    assert "410" in hook.off_reason
    assert only_delivery().state == State.GIVEN_UP
    assert outbox.wanted(app.pk) == frozenset()


def test_turned_on_again_it_forgets_why_it_was_off(app: App, hook: Webhook, receiver: Receiver) -> None:
    receiver.answer = always(410)
    happen(app.pk)
    work()
    hook.refresh_from_db()
    keeping.change(hook, hook.name, hook.url, hook.events, active=True)
    receiver.answer = always(204)
    happen(app.pk)
    work()
    hook.refresh_from_db()
    assert hook.off_reason == ""
    assert len(receiver.received) == 2


@pytest.mark.parametrize("status", [301, 302, 307])
def test_redirects_are_not_followed(app: App, hook: Webhook, receiver: Receiver, status: int) -> None:
    receiver.answer, receiver.headers = always(status), {"Location": f"{receiver.url}/elsewhere"}
    happen(app.pk)
    work()
    assert len(receiver.received) == 1
    assert "Redirects are not followed" in only_delivery().attempts[0]["error"]


def test_a_private_address_is_refused_before_anything_leaves(
    app: App, hook: Webhook, receiver: Receiver, settings: Any
) -> None:
    settings.XO_ALLOW_PRIVATE_HOSTS = []
    happen(app.pk)
    work()
    assert receiver.received == []
    assert "not one that this installation may call" in only_delivery().attempts[0]["error"]


def test_a_name_that_leads_to_a_private_address_is_refused_too(app: App, settings: Any) -> None:
    keeping.create(app, "Inside", "https://localhost/", list(TYPES))
    settings.XO_ALLOW_PRIVATE_HOSTS = []
    happen(app.pk)
    work()
    assert "not one that this installation may call" in only_delivery().attempts[0]["error"]


def test_a_long_answer_is_not_read_and_counts_by_its_status(app: App, hook: Webhook, receiver: Receiver) -> None:
    receiver.answer = lambda _received: (200, "x" * 200_000)
    happen(app.pk)
    work()
    assert only_delivery().state == State.DELIVERED


def test_a_line_that_breaks_off_is_told_without_the_address(app: App, receiver: Receiver) -> None:
    keeping.create(app, "Ours", f"{receiver.url}/in?key=hidden-in-address", list(TYPES))
    receiver.answer = lambda _received: None
    happen(app.pk)
    work()
    (attempt,) = only_delivery().attempts
    assert attempt["status"] is None
    assert "broke off" in attempt["error"]
    assert "hidden-in-address" not in str(attempt)


def test_a_receiver_that_is_down_gets_single_tries_with_growing_rests(
    app: App, hook: Webhook, receiver: Receiver, clock: Clock
) -> None:
    receiver.answer = always(500)
    happen(app.pk, 40)
    work()
    first = len(receiver.received)
    assert first == 8
    for rest in (5, 10, 20, 40):
        clock.forward(seconds=rest - 1)
        work()
        assert len(receiver.received) == first
        clock.forward(seconds=2)
        work()
        first += 1
        assert len(receiver.received) == first


def test_once_it_is_up_again_it_gets_what_waits(app: App, hook: Webhook, receiver: Receiver, clock: Clock) -> None:
    receiver.answer = always(500)
    happen(app.pk, 40)
    work()
    receiver.answer = always(204)
    clock.forward(seconds=6)
    work()
    assert WebhookDelivery.objects.filter(state=State.DELIVERED).count() == 40


def test_only_one_webhook_whose_receiver_is_down_is_tried_at_a_time(
    app: App, hook: Webhook, receiver: Receiver, clock: Clock
) -> None:
    other, _secret = keeping.create(app, "Other", receiver.url, list(TYPES))
    Webhook.objects.filter(pk=other.pk).update(failures=2, lane_until=timezone.now() + timedelta(seconds=60))
    Webhook.objects.filter(pk=hook.pk).update(failures=2)
    happen(app.pk)
    work()
    assert receiver.received == []
    clock.forward(seconds=61)
    work()
    assert len(receiver.received) == 2


def test_deliveries_of_a_webhook_that_stays_off_are_given_up_when_their_day_is_over(
    app: App, failing: Webhook, receiver: Receiver, clock: Clock
) -> None:
    happen(app.pk)
    work()
    failing.refresh_from_db()
    keeping.change(failing, failing.name, failing.url, failing.events, active=False)
    clock.forward(hours=23)
    work()
    assert only_delivery().state == State.FAILED
    clock.forward(hours=2)
    work()
    assert only_delivery().state == State.GIVEN_UP
    assert len(receiver.received) == 1


def test_one_delivery_is_replayed_under_the_same_id(app: App, hook: Webhook, receiver: Receiver) -> None:
    happen(app.pk)
    work()
    replaying.replay(only_delivery())
    work()
    first, second = receiver.received
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert [one["status"] for one in only_delivery().attempts] == [204, 204]


def test_all_that_failed_since_a_time_is_replayed(app: App, failing: Webhook, receiver: Receiver, clock: Clock) -> None:
    happen(app.pk)
    work()
    clock.forward(days=2)
    work()
    since = timezone.now()
    happen(app.pk, 2)
    work()
    receiver.answer = always(204)
    assert replaying.replay_failed(failing, since) == 2
    work()
    assert WebhookDelivery.objects.filter(state=State.DELIVERED).count() == 2
    assert WebhookDelivery.objects.filter(state=State.GIVEN_UP).count() == 1


def test_a_replayed_delivery_has_another_day(app: App, failing: Webhook, receiver: Receiver, clock: Clock) -> None:
    happen(app.pk)
    work()
    clock.forward(days=2)
    work()
    assert only_delivery().state == State.GIVEN_UP
    replaying.replay(only_delivery())
    work()
    assert only_delivery().state == State.FAILED
    clock.forward(seconds=6)
    receiver.answer = always(204)
    work()
    assert only_delivery().state == State.DELIVERED


def test_nothing_is_replayed_to_a_webhook_that_is_off(app: App, hook: Webhook, receiver: Receiver) -> None:
    receiver.answer = always(410)
    happen(app.pk)
    work()
    with pytest.raises(WebhookIsOff):
        replaying.replay(only_delivery())
    assert only_delivery().state == State.GIVEN_UP


def test_a_webhook_deleted_while_it_is_sent_to_leaves_nothing_behind(
    app: App, hook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = delivering.send

    def send_and_delete(*args: Any) -> Any:
        answers = real(*args)
        keeping.delete(Webhook.objects.get(pk=hook.pk))
        return answers

    monkeypatch.setattr(delivering, "send", send_and_delete)
    receiver.answer = always(500)
    happen(app.pk)
    work()
    assert len(receiver.received) == 1
    assert WebhookDelivery.objects.count() == 0
