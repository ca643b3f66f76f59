"""Messages that cannot be answered at once: taken, answered in order, lost never and doubled never."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.utils import timezone

from dialogs import jobs
from dialogs.flows import line, threads
from dialogs.flows.publish import publish
from dialogs.models import Conversation, QueuedMessage, Turn
from tests.api import assert_problem
from tests.dialogs.factories import task
from tests.dialogs.samples import creating, greeting

from .talking import Channel, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rest_framework.test import APIClient

    from tests.dialogs.loopback import Loopback
    from xoplatform.models import App, EndUser

pytestmark = pytest.mark.django_db(transaction=True)

#: Seconds after which a test that hangs fails.
SOON = 20
AT_ONCE = {"Prefer": "respond-async"}


class Gate:
    """A provider that answers when a test lets it."""

    def __init__(self, provider: Loopback) -> None:
        self.arrived, self._open = threading.Event(), threading.Event()
        provider.on_get = self._get

    def _get(self, _path: str) -> tuple[int, Any]:
        self.arrived.set()
        assert self._open.wait(SOON)
        return 200, {"key": "DEMO"}

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def gate(provider: Loopback) -> Iterator[Gate]:
    made = Gate(provider)
    yield made
    made.open()


@pytest.fixture
def channel(api: APIClient, app: App, person: EndUser, provider: Loopback) -> Channel:
    """It talks to an App that creates issues, or greets."""
    publish(task(app, creating()))
    publish(task(app, greeting()))
    return Channel(api, app, person)


@pytest.fixture
def asked(channel: Channel) -> str:
    """A conversation in which the next message creates an issue."""
    return channel.opened("create an issue")


@contextmanager
def several(count: int) -> Iterator[ThreadPoolExecutor]:
    together = threading.Barrier(count, timeout=SOON)

    def leave_database() -> None:
        connections.close_all()
        together.wait()

    with ThreadPoolExecutor(count) as pool:
        yield pool
        for _ in range(count):
            pool.submit(leave_database)


def said(conversation: str) -> list[str]:
    turns = Turn.objects.filter(conversation__public_id=conversation)
    return list(turns.order_by("number").values_list("text", flat=True))


def left_alone() -> None:
    """The processes that held messages and conversations have not been heard of for long enough."""
    past = timezone.now() - timedelta(minutes=1)
    QueuedMessage.objects.update(held_until=past, created_at=past)
    Conversation.objects.exclude(claim=None).update(claimed_until=past)


def the_clock_looks() -> None:
    for conversation_id in line.left_behind():
        jobs.answer_messages(conversation_id)


def test_a_turn_that_calls_out_is_answered_in_the_answer(asked: str, channel: Channel) -> None:
    answer = channel.say(asked, "Printer", client_message_id="m-2")
    assert answer.status_code == 200
    assert texts(answer.json()) == ["Created: answered DEMO-1"]
    assert not QueuedMessage.objects.exists()


def test_who_waits_no_longer_is_told_where_to_ask(asked: str, channel: Channel, gate: Gate) -> None:
    answer = channel.say(asked, "Printer", {"Prefer": "wait=0"}, client_message_id="m-2")
    assert (answer.status_code, answer.json()["state"]) == (202, "working")
    assert answer.headers["Preference-Applied"] == "wait=0"
    place = answer.headers["Location"]
    assert channel.api.get(place).json()["state"] == "working"
    gate.open()
    threads.close()
    told = channel.api.get(place).json()
    assert (told["state"], told["number"], texts(told)) == ("answered", 2, ["Created: answered DEMO-1"])


def test_who_does_not_want_to_wait_is_answered_later(channel: Channel) -> None:
    conversation = channel.opened()
    answer = channel.say(conversation, "say hello", AT_ONCE)
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (202, "respond-async")
    threads.close()
    assert texts(channel.api.get(answer.headers["Location"]).json()) == ["What is your name?"]


def test_a_first_message_need_not_be_waited_for(channel: Channel) -> None:
    body = {"end_user_id": channel.person.pk, "text": "say hello", "client_message_id": "m-1"}
    answer = channel.api.post(channel.all, body, headers=AT_ONCE)
    assert (answer.status_code, answer.json()["message"]["state"]) == (202, "working")
    threads.close()
    assert said(answer.json()["id"]) == ["say hello"]
    again = channel.api.post(channel.all, body)
    assert (again.status_code, again.json()["id"]) == (200, answer.json()["id"])


def test_a_message_delivered_again_while_it_is_worked_on_has_one_place(
    asked: str, channel: Channel, gate: Gate, provider: Loopback
) -> None:
    for _ in range(3):
        answer = channel.say(asked, "Printer", AT_ONCE, client_message_id="m-2")
        assert answer.status_code == 202
    gate.open()
    threads.close()
    assert said(asked) == ["create an issue", "Printer"]
    assert provider.posts == 1


def test_messages_are_answered_in_the_order_in_which_they_came(asked: str, channel: Channel, gate: Gate) -> None:
    first = channel.say(asked, "Printer", {"Prefer": "wait=0"})
    assert gate.arrived.wait(SOON)
    others = ["say hello", *(f"name {number}" for number in range(5))]
    answers = [channel.say(asked, text, {"Prefer": "wait=0"}) for text in others]
    assert {answer.status_code for answer in (first, *answers)} == {202}
    gate.open()
    threads.close()
    assert said(asked) == ["create an issue", "Printer", *others]


def test_who_is_first_in_line_is_worked_on_from_the_start(asked: str, channel: Channel, gate: Gate) -> None:
    """So that no other process takes it between its place and the first step of its turn."""
    for text in ("Printer", "say hello"):
        channel.say(asked, text, AT_ONCE)
    first, second = QueuedMessage.objects.order_by("pk")
    assert (first.is_held, second.is_held) == (True, False)


def test_messages_that_come_at_once_are_all_answered_and_once(channel: Channel) -> None:
    conversation = channel.opened()
    together = threading.Barrier(6, timeout=SOON)

    def post(number: int) -> int:
        together.wait()
        return int(channel.say(conversation, f"say hello {number}", client_message_id=f"m-{number}").status_code)

    with several(6) as pool:
        assert list(pool.map(post, range(6))) == [200] * 6
    turns = Turn.objects.filter(conversation__public_id=conversation)
    assert set(turns.values_list("client_message_id", flat=True)) == {f"m-{number}" for number in range(6)}
    assert list(turns.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert not QueuedMessage.objects.exists()


def test_who_waits_in_line_gets_the_answer_of_another_process(asked: str, channel: Channel, gate: Gate) -> None:
    """The line is held elsewhere; this process sees in the database that the answer is there."""
    with several(1) as pool:
        conversation = Conversation.objects.get(public_id=asked)
        elsewhere = QueuedMessage.objects.create(
            conversation=conversation, client_message_id="other", held_until=timezone.now() + timedelta(seconds=SOON)
        )
        waiting = pool.submit(channel.say, asked, "Printer", client_message_id="m-2")
        while not QueuedMessage.objects.filter(client_message_id="m-2").exists():
            pass
        elsewhere.delete()
        gate.open()
        line.work_off(conversation.pk)
        assert texts(waiting.result(SOON).json()) == ["Created: answered DEMO-1"]


def test_a_message_that_cannot_be_answered_says_why(asked: str, channel: Channel, gate: Gate) -> None:
    channel.say(asked, "Printer", AT_ONCE)
    assert gate.arrived.wait(SOON)
    behind = channel.say(asked, "say hello", AT_ONCE, client_message_id="m-3")
    Conversation.objects.update(claim=None, claimed_until=None)
    channel.api.post(channel.at(asked, "end"))
    gate.open()
    threads.close()
    told = channel.api.get(behind.headers["Location"]).json()
    assert (told["state"], told["error"]["code"]) == ("refused", "conversation_ended")


def test_what_breaks_off_is_tried_again_and_then_given_up(
    asked: str, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(line, "post_message", broken)
    place = channel.say(asked, "Printer", AT_ONCE).headers["Location"]
    threads.close()
    assert channel.api.get(place).json()["state"] == "working"
    for _ in range(line.TRIES - 1):
        left_alone()
        the_clock_looks()
    told = channel.api.get(place).json()
    assert (told["state"], told["error"]["code"]) == ("refused", "not_answered")


def test_what_was_said_is_not_readable_while_it_waits(asked: str, channel: Channel, gate: Gate) -> None:
    channel.say(asked, "Findable", AT_ONCE)
    assert "Findable" not in str(list(QueuedMessage.objects.values()))


@pytest.mark.parametrize("message", ["m-9", "a/b", "x" * 100])
def test_a_message_that_nobody_sent_is_unknown(message: str, asked: str, channel: Channel) -> None:
    assert_problem(channel.api.get(f"{channel.at(asked, 'messages')}{message}/"), 404, "unknown_message")


@pytest.mark.parametrize("message", ["a/b", "<1@example.com>", "wamid.HBg/+==", "50%#?"])
def test_a_message_is_found_whatever_its_sender_calls_it(message: str, asked: str, channel: Channel) -> None:
    answer = channel.say(asked, "say hello", AT_ONCE, client_message_id=message)
    threads.close()
    assert channel.api.get(answer.headers["Location"]).json()["client_message_id"] == message


@pytest.mark.parametrize("prefer", ["wait", "wait=x", "wait=-1", "handling=strict", "", "wait=5;x=y, foo", "\u00e9"])
def test_preferences_that_mean_nothing_are_no_mistake(prefer: str, channel: Channel) -> None:
    assert channel.say(channel.opened(), "say hello", {"Prefer": prefer}).status_code == 200


# --- A process dies ---------------------------------------------------------------------------


def killed_while_it_works(channel: Channel, conversation: str, gone: threading.Event) -> None:
    """A process takes a message, says so, and is killed while the provider works on its call."""
    connections.close_all()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = channel.say(conversation, "Printer", {"Prefer": "wait=0"}, client_message_id="m-2")
            os.write(write, str(answer.status_code).encode())
            threading.Event().wait(SOON)
        finally:
            os._exit(1)
    assert os.read(read, 3) == b"202"
    assert gone.wait(SOON)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_message_whose_process_dies_before_its_call_is_answered_by_another(
    asked: str, channel: Channel, gate: Gate, provider: Loopback
) -> None:
    killed_while_it_works(channel, asked, gate.arrived)
    gate.open()
    left_alone()
    the_clock_looks()
    assert said(asked) == ["create an issue", "Printer"]
    told = channel.api.get(channel.at(asked, "messages") + "m-2/").json()
    assert texts(told) == ["Created: answered DEMO-1"]
    assert provider.posts == 1


def test_a_message_whose_process_dies_in_its_call_does_nothing_twice(
    asked: str, channel: Channel, provider: Loopback
) -> None:
    arrived, gone = threading.Event(), threading.Event()

    def never(_path: str) -> tuple[int, Any]:
        arrived.set()
        gone.wait(SOON)
        return 201, {}

    provider.on_post = never
    killed_while_it_works(channel, asked, arrived)
    gone.set()
    left_alone()
    the_clock_looks()
    told = channel.api.get(channel.at(asked, "messages") + "m-2/").json()
    assert "its answer was lost" in texts(told)[0]
    assert said(asked) == ["create an issue", "Printer"]
    assert provider.posts == 1
    assert not QueuedMessage.objects.exists()
