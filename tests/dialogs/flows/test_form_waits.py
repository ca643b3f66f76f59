"""A form from the link in the chat to the dialog that goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from dialogs.errors import UnknownAddress, WaitOver
from dialogs.flows import events, forms
from dialogs.models import Conversation, Version, Wait
from tests.dialogs.waiting import Queue, Talk, filling, told

if TYPE_CHECKING:
    from xoplatform.models import App, EndUser

GIVEN = {"summary": "Printer", "kind": "Bug", "due": "", "details": ""}


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()
    monkeypatch.setattr("dialogs.flows.arrivals.enqueue", queue.put)
    return queue


@pytest.fixture
def talk(app: App, person: EndUser) -> Talk:
    talk = Talk(app, person, filling())
    talk.say("report it")
    return talk


def token(talk: Talk) -> str:
    assert talk.answer is not None
    return str(talk.answer.replies[0]["data"]["url"]).rstrip("/").rpartition("/")[2]


def test_what_is_filled_in_sets_the_dialog_going(talk: Talk, queue: Queue) -> None:
    assert forms.submit(forms.open_form(token(talk)), GIVEN) == {}
    queue.work()
    assert told()[-1] == "Got Printer (Bug)."
    assert Conversation.objects.get().status == Conversation.Status.OPEN


def test_what_is_wrong_hands_nothing_on(talk: Talk, queue: Queue) -> None:
    errors = forms.submit(forms.open_form(token(talk)), {**GIVEN, "summary": "x" * 41, "kind": "Epic"})
    assert set(errors) == {"summary", "kind"}
    assert queue.jobs == []
    assert Wait.objects.get().status == Wait.Status.OPEN


def test_it_is_sent_once(talk: Talk, queue: Queue) -> None:
    found = forms.open_form(token(talk))
    forms.submit(found, GIVEN)
    forms.submit(found, {**GIVEN, "summary": "Another"})
    queue.work()
    assert told()[-1] == "Got Printer (Bug)."
    with pytest.raises(WaitOver, match="it has been answered"):
        forms.open_form(token(talk))


def test_cancel_on_the_page_ends_the_task(talk: Talk, queue: Queue) -> None:
    forms.cancel(forms.open_form(token(talk)))
    queue.work()
    assert told()[0].startswith("I stopped “Report”")


def test_cancel_in_the_chat_closes_the_page(talk: Talk) -> None:
    link = token(talk)
    talk.say("cancel")
    with pytest.raises(WaitOver, match="went on without it"):
        forms.open_form(link)


def test_the_link_stays_the_same_while_it_waits(talk: Talk) -> None:
    link = token(talk)
    talk.say("where was it?")
    assert token(talk) == link
    assert Wait.objects.count() == 1


def test_a_link_that_ran_out_is_closed_and_the_chat_is_told(talk: Talk, queue: Queue) -> None:
    Wait.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(WaitOver, match="time limit"):
        forms.open_form(token(talk))
    events.end_expired()
    queue.work()
    assert "was not sent in time" in told()[0]


def test_a_form_whose_dialog_was_deleted_is_closed(talk: Talk) -> None:
    Version.objects.all().delete()
    from dialogs.flows import bots

    bots.forget()
    with pytest.raises(WaitOver, match="no longer there"):
        forms.open_form(token(talk))


def test_a_token_of_another_kind_opens_nothing(talk: Talk) -> None:
    Wait.objects.update(kind="webhook")
    with pytest.raises(UnknownAddress):
        forms.open_form(token(talk))


def test_what_was_said_before_stands_in_the_fields(app: App, person: EndUser) -> None:
    dialog = filling()
    dialog["nodes"].insert(1, {**dialog["nodes"][1], "name": "summary", "kind": "entity"})
    dialog["nodes"][1]["properties"] = {"type": "string", "prompts": ["What?"]}
    dialog["transitions"][0]["target"] = "summary"
    dialog["transitions"].append({"source": "summary", "target": "form", "condition": None, "label": ""})
    talk = Talk(app, person, dialog)
    talk.say("report it")
    talk.say("The printer")
    assert forms.open_form(token(talk)).shown()["summary"] == "The printer"
