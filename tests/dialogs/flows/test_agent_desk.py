"""A conversation handed to the example desk and back, over HTTP."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from dialogs.errors import BadDelivery, BadSignature, WaitOver
from dialogs.flows import desk as desks
from dialogs.flows import events
from dialogs.flows.event_settings import renew_secret, save_desk, secret_of
from dialogs.models import Arrival, Turn, Wait
from dialogs.outside.signing import signed
from examples.agent_desk import Desk
from integrations.api import CallRecord
from tests.dialogs.waiting import Queue, Talk, helping, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xoplatform.models import App, EndUser


@pytest.fixture
def desk(app: App) -> Iterator[Desk]:
    """The example, running, as the App's agent desk."""
    desk = Desk(renew_secret(app), show=lambda _line: None)
    server = desk.serve(0)
    save_desk(app, f"http://127.0.0.1:{server.server_address[1]}/")
    yield desk
    server.shutdown()
    server.server_close()


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()
    monkeypatch.setattr("dialogs.flows.arrivals.enqueue", queue.put)
    monkeypatch.setattr("dialogs.flows.desk.enqueue", queue.put)
    return queue


@pytest.fixture
def talk(app: App, person: EndUser, desk: Desk) -> Talk:
    """A conversation that the desk has taken over."""
    talk = Talk(app, person, helping())
    talk.say("get help")
    talk.say("the printer burns")
    return talk


def deliver(app: App, desk: Desk, talk: Talk, delivery: str = "d-1", **told: Any) -> bool:
    """What the desk sends, without the way through the web server."""
    body = json.dumps(told).encode()
    token = urlsplit(desk.chats[talk.id].reply_url).path.rstrip("/").rpartition("/")[2]
    return desks.receive(token, signed(secret_of(app.pk), delivery, body, timezone.now()), body)


def test_the_desk_gets_the_transcript_and_what_the_author_says(talk: Talk, desk: Desk) -> None:
    chat = desk.chats[talk.id]
    assert [(line["from"], line["text"]) for line in chat.transcript] == [
        ("person", "get help"),
        ("bot", "What is wrong?"),
        ("person", "the printer burns"),
    ]
    assert chat.data == {"subject": "the printer burns"}


def test_messages_go_to_the_desk_and_the_bot_is_silent(talk: Talk, desk: Desk) -> None:
    assert talk.say("hello?") == []
    assert desk.chats[talk.id].messages == ["hello?"]


def test_the_agent_answers_and_gives_it_back(app: App, talk: Talk, desk: Desk, queue: Queue) -> None:
    deliver(app, desk, talk, "d-1", type="message", text="Hi, Ada here.", agent="Ada")
    deliver(app, desk, talk, "d-2", type="message", text="I bring toner.", agent="Ada")
    queue.work()
    assert [turn.replies[0]["text"] for turn in Turn.objects.order_by("pk")[2:]] == ["Hi, Ada here.", "I bring toner."]
    deliver(app, desk, talk, "d-3", type="return", agent="Ada", data={"note": "new toner"})
    queue.work()
    assert told() == ["Ada has given the conversation back to me.", "Solved: new toner"]


def test_a_delivery_that_comes_twice_is_said_once(app: App, talk: Talk, desk: Desk, queue: Queue) -> None:
    assert deliver(app, desk, talk, "d-1", type="message", text="Hi")
    assert not deliver(app, desk, talk, "d-1", type="message", text="Hi")
    queue.work()
    queue.put("take_arrivals", public_id=talk.id)
    queue.work()
    assert Turn.objects.count() == 3


def test_the_agent_ends_the_chat(app: App, talk: Talk, desk: Desk, queue: Queue) -> None:
    deliver(app, desk, talk, type="close", agent="Ada")
    queue.work()
    assert told() == ["Ada has ended the chat. What you write now comes to me again."]
    with pytest.raises(WaitOver, match="the chat was ended"):
        deliver(app, desk, talk, "d-9", type="message", text="one more thing")


@pytest.mark.django_db(transaction=True)
def test_the_desk_is_told_when_the_person_leaves(talk: Talk, desk: Desk, queue: Queue) -> None:
    talk.say("exit")
    queue.work()
    assert desk.chats[talk.id].ended == "left"


def test_a_long_silence_ends_it_for_both(talk: Talk, desk: Desk, queue: Queue) -> None:
    Wait.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    events.end_expired()
    queue.work()
    assert "Nobody wrote for a long time" in told()[0]
    assert desk.chats[talk.id].ended == "expired"


def test_every_message_begins_the_silence_anew(app: App, talk: Talk, desk: Desk, queue: Queue) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    for write in (lambda: talk.say("hello?"), lambda: deliver(app, desk, talk, type="message", text="Hi")):
        Wait.objects.update(expires_at=soon)
        write()
        assert Wait.objects.get().expires_at > soon


def test_a_wrong_signature_changes_nothing(app: App, talk: Talk, desk: Desk) -> None:
    body = b'{"type": "close"}'
    token = urlsplit(desk.chats[talk.id].reply_url).path.rstrip("/").rpartition("/")[2]
    headers = signed(secret_of(app.pk), "d-1", body, timezone.now())
    with pytest.raises(BadSignature):
        desks.receive(token, headers, body + b" ")
    assert Arrival.objects.count() == 0


@pytest.mark.parametrize(
    "sent",
    [
        {"type": "dance"},
        {"type": "message"},
        {"type": "message", "text": " "},
        {"type": "message", "text": "x" * 10_001},
        {"type": "message", "text": "x", "agent": "y" * 101},
        {"type": "message", "text": 5},
    ],
)
def test_a_delivery_that_cannot_be_read_is_refused(app: App, talk: Talk, desk: Desk, sent: dict[str, Any]) -> None:
    with pytest.raises(BadDelivery):
        deliver(app, desk, talk, **sent)


def test_without_a_desk_nothing_is_handed_over(app: App, person: EndUser) -> None:
    talk = Talk(app, person, helping())
    talk.say("get help")
    assert talk.say("the printer burns") == [
        "This App has no agent desk, so nothing was handed over. Its developers can give the address of one."
    ]


def test_a_desk_that_does_not_answer_is_told_in_words(app: App, person: EndUser) -> None:
    save_desk(app, "http://127.0.0.1:9/")
    talk = Talk(app, person, helping())
    talk.say("get help")
    assert "Nobody of our team can be reached now" in talk.say("the printer burns")[0]
    assert Wait.objects.get().status == Wait.Status.ENDED


def test_links_and_masked_words_are_not_handed_over(app: App, person: EndUser, desk: Desk) -> None:
    talk = Talk(app, person, helping())
    talk.say("get help")
    Turn.objects.update(
        text="•••",
        replies=[{"text": "Open https://x/forms/abc/ now", "quick_replies": [], "data": {"url": "https://x"}}],
    )
    talk.say("my password=hunter2 is gone")
    seen = [line["text"] for line in desk.chats[talk.id].transcript]
    assert seen == ["•••", "Open ••• now", "my password=••• is gone"]


def test_the_record_of_a_handover_holds_neither_the_transcript_nor_the_address(talk: Talk, desk: Desk) -> None:
    record = str(CallRecord.objects.get().request)
    assert "(3 entries)" in record
    assert "get help" not in record
    assert desk.chats[talk.id].reply_url not in record
