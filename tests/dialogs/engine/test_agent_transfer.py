"""Handing the conversation to a person, and getting it back."""

from __future__ import annotations

from typing import Any

import pytest

from dialogs.engine import OperationResult
from tests.dialogs.engine.outside import Outside, OutsideChat
from tests.dialogs.engine.stand_ins import answered
from tests.dialogs.engine.tasks import line, node, task


def helping(**properties: Any) -> dict[str, Any]:
    nodes = [
        node("problem", "entity", prompts=["What is wrong?"]),
        node("team", "agent_transfer", data={"subject": "{{context.entities.problem}}"}, **properties),
        node("back", "message", texts=["Solved by {{context.team.agent}}: {{context.team.data.note}}"]),
        node("nobody", "message", texts=["Nobody is there: {{context.team.outcome}}"]),
    ]
    return task("help", "Get Help", ["get help"], nodes, line("help", "problem", "team", "back"))


def chatting(outside: Outside | None = None, **properties: Any) -> OutsideChat:
    chat = OutsideChat(helping(**properties), outside=outside)
    chat.say("get help")
    return chat


@pytest.fixture
def chat() -> OutsideChat:
    """A conversation that an agent has taken over."""
    chat = chatting()
    chat.say("the printer burns")
    return chat


def test_the_handover_tells_the_desk_what_the_author_says() -> None:
    chat = chatting()
    assert chat.say("the printer burns") == [
        "You are now talking to a person; I pass on what you write. Say “exit” to leave."
    ]
    assert chat.outside.requests[0].data == {"data": {"subject": "the printer burns"}}


def test_what_the_person_writes_is_passed_on_and_the_bot_is_silent(chat: OutsideChat) -> None:
    assert chat.say("are you there?") == []
    assert chat.say("get help") == []
    assert chat.outside.told == ["are you there?", "get help"]


def test_what_the_agent_writes_is_said_with_a_name(chat: OutsideChat) -> None:
    assert chat.happens("said", {"text": "Hello, this is Ada.", "agent": "Ada"}) == ["Hello, this is Ada."]
    assert chat.turn.replies[0].data == {"type": "agent", "agent": "Ada"}
    assert chat.state.waiting == "event"


def test_the_agent_gives_it_back_and_the_dialog_goes_on(chat: OutsideChat) -> None:
    told = {"text": "All good now.", "agent": "Ada", "data": {"note": "new toner"}}
    assert chat.happens("returned", told) == [
        "All good now.",
        "Ada has given the conversation back to me.",
        "Solved by Ada: new toner",
    ]


def test_the_agent_closes_it_and_the_task_ends(chat: OutsideChat) -> None:
    assert chat.happens("closed", {"agent": "Ada"}) == ["Ada has ended the chat. What you write now comes to me again."]
    assert (chat.turn.end_reason, chat.state.waiting) == ("fulfilled", "")


@pytest.mark.parametrize("words", ["exit", "Cancel", "leave the chat"])
def test_the_person_may_leave(chat: OutsideChat, words: str) -> None:
    assert chat.say(words) == ["You have left the chat with our team. What you write now comes to me again."]
    assert chat.outside.told == []
    assert chat.state.waiting == ""


def test_stop_is_for_the_agent_to_hear(chat: OutsideChat) -> None:
    assert chat.say("stop it") == []
    assert chat.outside.told == ["stop it"]


def test_a_message_that_was_not_passed_on_is_told(chat: OutsideChat) -> None:
    chat.outside.answer = OperationResult("unreachable")
    assert "may not have been passed on" in chat.say("are you there?")[0]
    assert chat.state.waiting == "event"


def test_a_desk_that_knows_the_chat_no_more_ends_it(chat: OutsideChat) -> None:
    chat.outside.answer = answered(410)
    assert "is over" in chat.say("are you there?")[0]
    assert chat.state.waiting == ""


@pytest.mark.parametrize("answer", [OperationResult("unreachable"), OperationResult("unknown"), answered(503)])
def test_a_desk_that_cannot_be_reached_has_a_path(answer: OperationResult) -> None:
    chat = chatting(Outside(answer), on_unreachable="nobody")
    assert chat.say("the printer burns") == [
        "Nobody of our team can be reached now, so nothing was handed over. Please try again later.",
        "Nobody is there: unreachable",
    ]


def test_without_a_path_it_ends_in_words() -> None:
    chat = chatting(Outside(OperationResult("unreachable")))
    assert "Nobody of our team can be reached now" in chat.say("the printer burns")[0]
    assert chat.turn.end_reason == "failed"


def test_a_long_silence_ends_it(chat: OutsideChat) -> None:
    assert "Nobody wrote for a long time" in chat.happens("expired")[0]
    assert chat.state.waiting == ""


def test_the_end_of_the_chat_may_lead_to_a_node() -> None:
    chat = chatting(on_close="nobody")
    chat.say("the printer burns")
    assert chat.happens("closed", {})[-1] == "Nobody is there: closed"


def test_a_sensitive_message_is_not_handed_over() -> None:
    document = helping()
    document["nodes"][1]["properties"]["sensitive"] = True
    chat = OutsideChat(document)
    chat.say("get help")
    chat.say("my pin is 4711")
    assert chat.outside.sensitive is True
