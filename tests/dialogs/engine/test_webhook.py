"""A webhook that answers at once, later, never, or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dialogs.engine import OperationResult, problems_of
from tests.dialogs.engine.outside import Outside, OutsideChat
from tests.dialogs.engine.stand_ins import NOW, answered
from tests.dialogs.engine.tasks import delete_issue, line, node, task


def ordering(**properties: Any) -> dict[str, Any]:
    """Asks what to order, calls out, says what came back."""
    nodes = [
        node("item", "entity", prompts=["What do you need?"]),
        node(
            "shop",
            "webhook",
            url="https://shop.example/orders/{{context.entities.item}}",
            body={"item": "{{context.entities.item}}"},
            **properties,
        ),
        node("done", "message", texts=["Ordered: {{context.shop.response.body.number}}"]),
        node("sorry", "message", texts=["Sorry: {{context.shop.response.outcome}}"]),
    ]
    return task("order", "Order Something", ["order something"], nodes, line("order", "item", "shop", "done"))


def chatting(answer: OperationResult | None, **properties: Any) -> OutsideChat:
    chat = OutsideChat(ordering(**properties), delete_issue(), outside=Outside(answer))
    chat.say("order something")
    return chat


@pytest.fixture
def waiting() -> OutsideChat:
    chat = chatting(answered(202))
    chat.say("a lamp")
    return chat


def test_an_immediate_answer_is_used_at_once() -> None:
    chat = chatting(answered(200, {"number": 7}))
    assert chat.say("a lamp") == ["Ordered: 7"]
    assert chat.state.waiting == ""


def test_values_are_encoded_in_the_address_and_data_in_the_body() -> None:
    chat = chatting(answered(200))
    chat.say("a/lamp?x=1")
    assert chat.outside.requests[0].data == {
        "url": "https://shop.example/orders/a%2Flamp%3Fx%3D1",
        "body": {"item": "a/lamp?x=1"},
        "timeout": 20,
    }


def test_a_value_that_would_change_the_address_sends_nothing() -> None:
    chat = chatting(answered(200))
    assert "cannot be part of an address" in chat.say("..")[0]
    assert chat.outside.requests == []


def test_accepted_means_that_it_waits_ten_minutes_for_the_callback(waiting: OutsideChat) -> None:
    assert waiting.outside.requests[0].timeout == 600
    assert (waiting.state.waiting, waiting.state.node) == ("event", "shop")
    assert waiting.turn.replies[0].text == (
        "I asked “shop” and wait for the answer. I go on from here by myself; say “cancel” to stop."
    )
    assert waiting.steps["shop"]["status"] == "waiting"


def test_the_callback_is_the_response(waiting: OutsideChat) -> None:
    assert waiting.happens("arrived", {"number": 8}) == ["Ordered: 8"]
    assert waiting.turn.end_reason == "fulfilled"
    assert waiting.steps["shop"]["event"] == "arrived"
    assert waiting.state.event == {}


def test_a_callback_for_another_wait_does_nothing(waiting: OutsideChat) -> None:
    before = waiting.state
    assert waiting.happens("arrived", {"number": 8}, wait="another") == []
    assert waiting.state == before


def test_a_callback_that_comes_twice_is_taken_once(waiting: OutsideChat) -> None:
    key = str(waiting.state.event["id"])
    waiting.happens("arrived", {"number": 8})
    assert waiting.happens("arrived", {"number": 9}, wait=key) == []


def test_small_talk_meanwhile_is_told_that_it_waits(waiting: OutsideChat) -> None:
    assert waiting.say("and now?") == [
        "I am still waiting for “shop”. I go on from here by myself; say “cancel” to stop."
    ]
    assert waiting.happens("arrived", {"number": 8}) == ["Ordered: 8"]


def test_cancel_ends_the_task(waiting: OutsideChat) -> None:
    assert waiting.say("cancel") == [
        "I stopped “Order Something” here. What was done before stays done; nothing more was."
    ]
    assert (waiting.turn.end_reason, waiting.state.waiting) == ("canceled", "")


def test_another_task_is_offered_and_started_after_a_yes(waiting: OutsideChat) -> None:
    assert waiting.say("delete an issue") == [
        "“Order Something” waits for something from outside. Shall I drop it and start “Delete an Issue” instead?"
    ]
    assert waiting.say("yes")[-1] == "Which one?"
    assert waiting.state.event == {}


def test_after_a_no_it_waits_on(waiting: OutsideChat) -> None:
    waiting.say("delete an issue")
    assert "still waiting" in waiting.say("no")[0]
    assert waiting.happens("arrived", {"number": 8}) == ["Ordered: 8"]


def test_a_callback_that_does_not_come_ends_the_task_in_words(waiting: OutsideChat) -> None:
    assert "did not answer in time" in waiting.happens("expired")[0]
    assert waiting.turn.end_reason == "failed"


def test_a_message_after_the_time_limit_finds_the_wait_over(waiting: OutsideChat) -> None:
    waiting.person.clock.time = NOW + timedelta(minutes=11)
    assert "did not answer in time" in waiting.say("hello?")[0]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (answered(500), "answered"),
        (answered(302), "answered"),
        (OperationResult("unreachable"), "unreachable"),
        (OperationResult("timed_out"), "timed_out"),
        (OperationResult("unknown"), "unknown"),
        (OperationResult("refused"), "refused"),
    ],
)
def test_each_failure_takes_the_path_for_it(answer: OperationResult, outcome: str) -> None:
    assert chatting(answer, on_failure="sorry").say("a lamp") == [f"Sorry: {outcome}"]


@pytest.mark.parametrize("outcome", ["unreachable", "timed_out", "unknown", "refused", "answered"])
def test_without_a_path_each_failure_is_said_in_words(outcome: Any) -> None:
    chat = chatting(OperationResult(outcome, 500 if outcome == "answered" else None))
    assert "shop" in chat.say("a lamp")[0]
    assert chat.turn.end_reason == "failed"


def test_the_time_limit_has_a_path_of_its_own() -> None:
    chat = chatting(answered(202), on_failure="done", on_timeout="sorry")
    chat.say("a lamp")
    assert chat.happens("expired") == ["Sorry: timed_out"]


@pytest.mark.parametrize("url", ["ftp://a.example", "https://{{context.entities.item}}/x", "https://me:pw@a.example/"])
def test_an_address_must_be_plain_up_to_its_path(url: str) -> None:
    document = ordering()
    document["nodes"][2]["properties"]["url"] = url
    assert "must be an address" in problems_of(document)[0].message


def test_it_may_stand_inside_a_bot_action() -> None:
    document = ordering(on_failure="@end")
    document["nodes"][2]["parent"] = "work"
    document["nodes"].append(node("work", "bot_action", first="shop"))
    document["transitions"] = line("order", "item", "work", "done")
    chat = OutsideChat(document, outside=Outside(answered(202)))
    chat.say("order something")
    chat.say("a lamp")
    assert chat.happens("arrived", {"number": 8}) == ["Ordered: 8"]
