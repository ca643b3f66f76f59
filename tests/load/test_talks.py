"""The measure of interleaved conversations sees what must not be."""

from __future__ import annotations

import uuid

import pytest

from .talks import Heard, Talk

ID = uuid.UUID(int=1)


@pytest.fixture
def talk() -> Talk:
    return Talk(7)


def test_its_own_words_are_no_strangers(talk: Talk) -> None:
    assert talk.strangers(*talk.texts) == set()


def test_the_words_of_another_conversation_are_strangers(talk: Talk) -> None:
    assert talk.strangers(talk.summary, f"Done: {Talk(8).mark}-3") == {Talk(8).mark}


def test_it_goes_on_when_all_deliveries_of_a_message_are_answered(talk: Talk) -> None:
    talk.next(deliveries=2)
    talk.hear(Heard(7, ID, "Which project?"))
    assert not talk.goes_on
    talk.hear(Heard(7, ID, "Which project?"))
    assert talk.goes_on
    assert talk.replies == ["Which project?"]


def test_two_answers_to_one_message_are_a_fault(talk: Talk) -> None:
    talk.next(deliveries=2)
    talk.hear(Heard(7, ID, "Which project?"))
    talk.hear(Heard(7, ID, "What is it about?"))
    assert talk.errors
    assert not talk.goes_on


def test_an_answer_in_another_conversation_is_a_fault(talk: Talk) -> None:
    talk.next(deliveries=1)
    talk.hear(Heard(7, ID, "Which project?"))
    talk.next(deliveries=1)
    talk.hear(Heard(7, uuid.UUID(int=2), "What is it about?"))
    assert talk.errors


def test_a_reply_about_something_else_is_told(talk: Talk) -> None:
    talk.next(deliveries=1)
    talk.hear(Heard(7, ID, "Good morning."))
    assert list(talk.missing()) == ["reply 1 says: Good morning."]
