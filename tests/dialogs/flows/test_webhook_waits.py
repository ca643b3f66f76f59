"""A webhook over HTTP: what is sent, what may come back, and what a crash leaves behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.utils import timezone

from dialogs.errors import BadDelivery, UnknownAddress, WaitOver
from dialogs.flows import callbacks, events
from dialogs.flows.event_settings import secret_of
from dialogs.models import Arrival, Conversation, Turn, Wait
from dialogs.outside.signing import verify
from integrations.api import CallRecord
from tests.dialogs.receiver import Received, Receiver
from tests.dialogs.waiting import Queue, Talk, calling, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xoplatform.models import App, EndUser


@pytest.fixture
def shop() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()
    monkeypatch.setattr("dialogs.flows.arrivals.enqueue", queue.put)
    return queue


@pytest.fixture
def talk(app: App, person: EndUser, shop: Receiver) -> Talk:
    talk = Talk(app, person, calling(f"{shop.url}/orders"))
    talk.say("order something")
    return talk


def token(shop: Receiver) -> str:
    """The token of the callback address that was sent last."""
    return str(shop.received[-1].json["callback_url"]).rstrip("/").rpartition("/")[2]


def test_the_call_is_signed_and_names_where_to_call_back(talk: Talk, shop: Receiver, app: App) -> None:
    talk.say("a lamp")
    sent = shop.received[0]
    verify(secret_of(app.pk), sent.headers, sent.body, datetime.now(UTC))
    assert sent.json["data"] == {"item": "a lamp"}
    assert sent.json["conversation"] == talk.id
    assert "/events/callback/" in sent.json["callback_url"]


def test_the_address_is_kept_as_a_hash_and_shown_nowhere(talk: Talk, shop: Receiver) -> None:
    talk.say("a lamp")
    secret = token(shop)
    rows = [
        *Turn.objects.values(),
        *CallRecord.objects.values(),
        *Conversation.objects.values(),
        *Wait.objects.values(),
    ]
    assert secret not in str(rows)


def test_an_answer_at_once_is_used_and_the_wait_is_over(talk: Talk, shop: Receiver) -> None:
    shop.answer = lambda _received: (200, {"number": 7})
    assert talk.say("a lamp") == ["Ordered: 7"]
    with pytest.raises(WaitOver):
        callbacks.receive(token(shop), b"{}")
    assert CallRecord.objects.get().status == CallRecord.Status.SUCCEEDED


def test_the_callback_sets_the_conversation_going(talk: Talk, shop: Receiver, queue: Queue) -> None:
    talk.say("a lamp")
    assert Conversation.objects.get().status == Conversation.Status.AWAITING
    callbacks.receive(token(shop), b'{"number": 8}')
    queue.work()
    assert told() == ["Ordered: 8"]
    assert Conversation.objects.get().status == Conversation.Status.OPEN
    assert Arrival.objects.get().data is None


def test_the_second_callback_is_refused(talk: Talk, shop: Receiver, queue: Queue) -> None:
    talk.say("a lamp")
    callbacks.receive(token(shop), b'{"number": 8}')
    with pytest.raises(WaitOver, match="it has been answered"):
        callbacks.receive(token(shop), b'{"number": 9}')
    queue.work()
    assert told() == ["Ordered: 8"]


@pytest.mark.django_db(transaction=True)
def test_a_callback_that_is_quicker_than_the_answer_is_not_lost(talk: Talk, shop: Receiver, queue: Queue) -> None:
    def at_once(received: Received) -> tuple[int, Any]:
        try:
            callbacks.receive(token(shop), b'{"number": 8}')
        finally:
            connections.close_all()
        return 202, None

    shop.answer = at_once
    talk.say("a lamp")
    queue.work()
    assert told() == ["Ordered: 8"]


def test_an_unknown_address_is_refused(db: None) -> None:
    with pytest.raises(UnknownAddress):
        callbacks.receive("guessed", b"{}")


@pytest.mark.parametrize("body", [b"", b"no", b"[" * 5000])
def test_what_is_no_json_is_refused_and_it_waits_on(talk: Talk, shop: Receiver, body: bytes) -> None:
    talk.say("a lamp")
    with pytest.raises(BadDelivery):
        callbacks.receive(token(shop), body)
    assert Wait.objects.get().status == Wait.Status.OPEN


def test_characters_that_a_database_refuses_are_dropped(talk: Talk, shop: Receiver, queue: Queue) -> None:
    talk.say("a lamp")
    callbacks.receive(token(shop), rb'{"number": "8\u0000\ud800"}')
    queue.work()
    assert told() == ["Ordered: 8"]


def test_after_its_time_limit_a_wait_takes_nothing(talk: Talk, shop: Receiver) -> None:
    talk.say("a lamp")
    Wait.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(WaitOver, match="time limit"):
        callbacks.receive(token(shop), b"{}")


def test_the_sweep_ends_what_ran_out_once(talk: Talk, shop: Receiver, queue: Queue) -> None:
    talk.say("a lamp")
    assert events.end_expired() == 0
    Wait.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert (events.end_expired(), events.end_expired()) == (1, 0)
    queue.work()
    assert "did not answer in time" in told()[0]


def test_the_sweep_takes_up_what_a_crash_left_behind(talk: Talk, shop: Receiver, queue: Queue) -> None:
    talk.say("a lamp")
    callbacks.receive(token(shop), b'{"number": 8}')
    queue.jobs.clear()
    Arrival.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert events.end_expired() == 1
    queue.work()
    assert told() == ["Ordered: 8"]


def test_a_queue_that_is_down_loses_nothing(talk: Talk, shop: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    from dialogs.errors import QueueUnreachable

    def down(_job: str, **_arguments: Any) -> None:
        raise QueueUnreachable

    talk.say("a lamp")
    monkeypatch.setattr("dialogs.flows.arrivals.enqueue", down)
    callbacks.receive(token(shop), b'{"number": 8}')
    assert Arrival.objects.filter(taken_at=None).count() == 1


def test_cancel_closes_the_address(talk: Talk, shop: Receiver) -> None:
    talk.say("a lamp")
    talk.say("cancel")
    with pytest.raises(WaitOver, match="went on without it"):
        callbacks.receive(token(shop), b"{}")


def test_a_lost_answer_is_told_and_not_repeated(talk: Talk, shop: Receiver) -> None:
    shop.answer = lambda _received: None
    assert "was lost on the way" in talk.say("a lamp")[0]
    assert len(shop.received) == 1
    assert CallRecord.objects.get().status == CallRecord.Status.UNKNOWN


def test_a_private_address_is_refused_in_words(app: App, person: EndUser, settings: Any) -> None:
    settings.XO_ALLOW_PRIVATE_HOSTS = []
    talk = Talk(app, person, calling("https://127.0.0.1:9/orders"))
    talk.say("order something")
    assert "not one that this installation may call" in talk.say("a lamp")[0]


def test_a_message_delivered_twice_calls_once(talk: Talk, shop: Receiver) -> None:
    first = talk.say("a lamp", "m-1")
    assert talk.say("a lamp", "m-1") == first
    assert len(shop.received) == 1


def test_what_ended_long_ago_is_deleted(talk: Talk, shop: Receiver) -> None:
    talk.say("a lamp")
    Wait.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert events.prune() == 0
    talk.say("cancel")
    assert events.prune() == 1
