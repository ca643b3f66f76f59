"""A process dies while it calls out, or several work at once: nothing happens twice, and nothing that came is lost."""

from __future__ import annotations

import json
import os
import signal
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.utils import timezone

from dialogs.errors import StillWorking, WaitOver
from dialogs.flows import callbacks, events
from dialogs.flows.arrivals import keep
from dialogs.flows.event_settings import save_desk
from dialogs.models import Arrival, Conversation, Turn, Wait
from tests.dialogs.receiver import Received, Receiver
from tests.dialogs.waiting import Queue, Talk, calling, helping, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xoplatform.models import App, EndUser

pytestmark = pytest.mark.django_db(transaction=True)

#: Seconds after which a test that hangs fails.
SOON = 20


@pytest.fixture
def other() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()
    monkeypatch.setattr("dialogs.flows.arrivals.enqueue", queue.put)
    return queue


def killed(talk: Talk, other: Receiver, text: str) -> None:
    """A process that answers ``text`` is killed while the other system works on what it was sent."""
    arrived, is_gone = threading.Event(), threading.Event()

    def never(_received: Received) -> tuple[int, Any]:
        arrived.set()
        is_gone.wait(SOON)
        return 202, None

    other.answer = never
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            talk.say(text)
        finally:
            os._exit(1)
    assert arrived.wait(SOON)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    is_gone.set()
    other.answer = lambda _received: (202, None)
    Conversation.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def ordered(app: App, person: EndUser, other: Receiver) -> Talk:
    talk = Talk(app, person, calling(f"{other.url}/orders"))
    talk.say("order something")
    killed(talk, other, "a lamp")
    return talk


def test_a_webhook_is_not_called_again_and_what_is_unknown_is_told(ordered: Talk, other: Receiver) -> None:
    ordered.say("hello?")
    first = ordered.answer.replies if ordered.answer else []
    assert "Whether it was carried out is unknown" in first[0]["text"]
    assert len(other.received) == 1
    assert Wait.objects.get().status == Wait.Status.ENDED


def test_a_callback_that_came_meanwhile_is_used(ordered: Talk, other: Receiver, queue: Queue) -> None:
    callbacks.receive(other.received[0].json["callback_url"].rstrip("/").rpartition("/")[2], b'{"number": 8}')
    queue.work()
    assert told() == ["Ordered: 8"]
    assert len(other.received) == 1


def test_a_handover_is_repeated_under_the_same_id(app: App, person: EndUser, other: Receiver) -> None:
    save_desk(app, f"{other.url}/")
    talk = Talk(app, person, helping())
    talk.say("get help")
    killed(talk, other, "the printer burns")
    talk.say("hello?")
    assert "Nothing was done twice" in Turn.objects.order_by("pk")[1].replies[0]["text"]
    kinds = [json.loads(one.body)["type"] for one in other.received]
    assert kinds == ["handover", "handover", "message"]
    first, second, _message = (one.headers["webhook-id"] for one in other.received)
    assert first == second
    assert other.received[0].json["reply_url"] == other.received[1].json["reply_url"]
    assert Wait.objects.count() == 1


def at_once(work: Callable[[], object], times: int = 4) -> list[object]:
    """The same from several threads together; what each gave, or the error that it raised."""
    together = threading.Barrier(times, timeout=SOON)

    def one(_number: int) -> object:
        together.wait()
        try:
            return work()
        except (WaitOver, StillWorking) as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_of_callbacks_that_come_at_once_one_counts(app: App, person: EndUser, other: Receiver, queue: Queue) -> None:
    talk = Talk(app, person, calling(f"{other.url}/orders"))
    talk.say("order something")
    talk.say("a lamp")
    token = other.received[0].json["callback_url"].rstrip("/").rpartition("/")[2]
    at_once(lambda: callbacks.receive(token, b'{"number": 8}'))
    assert Arrival.objects.count() == 1


def test_workers_that_take_the_same_arrivals_at_once_make_one_turn_of_each(
    app: App, person: EndUser, other: Receiver, queue: Queue
) -> None:
    save_desk(app, f"{other.url}/")
    talk = Talk(app, person, helping())
    talk.say("get help")
    talk.say("the printer burns")
    wait = Wait.objects.select_related("conversation").get()
    for number in range(3):
        keep(wait, "said", {"text": f"line {number}"}, f"d-{number}")
    at_once(lambda: events.take_arrivals(uuid.UUID(talk.id)))
    said = [turn.replies[0]["text"] for turn in Turn.objects.order_by("pk")[2:]]
    assert said == ["line 0", "line 1", "line 2"]
