"""Tests of dialogs that wait for something from outside: nothing leaves the process, and what came is in the test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.flows import forms
from dialogs.flows.converse import post_message
from dialogs.flows.testing import record_test, run
from dialogs.models import Conversation, DialogTest, Wait
from tests.dialogs.factories import task
from tests.dialogs.waiting import Queue, filling

if TYPE_CHECKING:
    from xoplatform.models import App, EndUser


@pytest.fixture
def link(app: App, person: EndUser, monkeypatch: pytest.MonkeyPatch) -> str:
    """The token of a form that was filled in and sent."""
    queue = Queue()
    monkeypatch.setattr("dialogs.flows.arrivals.enqueue", queue.put)
    answer = post_message(app, person, "report it", draft=True, focus=task(app, filling()))
    token = str(answer.replies[0]["data"]["url"]).rstrip("/").rpartition("/")[2]
    forms.submit(forms.open_form(token), {"summary": "Printer", "kind": "Bug", "due": "", "details": ""})
    queue.work()
    return token


@pytest.fixture
def filled(link: str) -> DialogTest:
    return record_test(Conversation.objects.get())


def test_a_form_that_was_filled_in_is_replayed(filled: DialogTest) -> None:
    waits = Wait.objects.count()
    outcome = run(filled)
    assert outcome.passed, outcome.first
    assert Wait.objects.count() == waits


def test_it_does_not_hold_the_link_of_the_person(filled: DialogTest, link: str) -> None:
    assert link not in str(filled.turns)


def test_what_came_is_what_the_dialog_goes_on_with(filled: DialogTest) -> None:
    event: Any = filled.turns[1]["event"]
    event["data"]["summary"] = "Scanner"
    outcome = run(filled)
    assert "expected “Got Printer (Bug).”, got “Got Scanner (Bug).”" in outcome.first


def test_a_wait_that_was_not_recorded_fails_in_words(filled: DialogTest) -> None:
    filled.turns[0]["openings"] = []
    found = [row for turn in run(filled).turns for row in turn["findings"] if not row["passed"]]
    assert any("the test holds no answer for it" in row["got"] for row in found)


def test_the_persons_language_is_part_of_a_test_and_their_name_is_not(filled: DialogTest) -> None:
    assert set(filled.setting["person"]) == {"locale", "time_zone", "app_locale", "app_time_zone"}
