"""Another task is asked for in the midst of one: what becomes of either, as settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.dialogs.engine.stand_ins import Chat
from tests.dialogs.engine.tasks import arrow, criterion, line, node, task

if TYPE_CHECKING:
    from tests.dialogs.engine.tasks import Document

AGAIN = "must be a number"


def order(settings: dict[str, Any] | None = None, **properties: Any) -> Document:
    """Asks for a number, then for words."""
    nodes = [
        node("count", "entity", type="number", prompts=["How many?"], **properties),
        node("note", "entity", prompts=["Any note?"]),
        node("ordered", "message", texts=["Ordered {{context.entities.count}}: {{context.entities.note}}."]),
    ]
    document = task("order", "Order Paper", ["order paper"], nodes, line("order", "count", "note", "ordered"))
    return document | ({"settings": settings} if settings else {})


def menu() -> Document:
    nodes = [node("said", "message", texts=["Soup."])]
    return task("menu", "Today's Menu", ["what is for lunch", "lunch menu"], nodes, line("menu", "said"))


def room() -> Document:
    nodes = [node("seats", "entity", type="number", prompts=["Seats?"]), node("booked", "message", texts=["Booked."])]
    return task("room", "Book a Room", ["book a room"], nodes, line("room", "seats", "booked"))


def chatting(*, settings: dict[str, Any] | None = None, **properties: Any) -> Chat:
    chat = Chat(order(**properties), menu(), room(), settings=settings)
    assert chat.say("order paper") == ["How many?"]
    return chat


def test_by_default_a_task_is_put_aside_and_come_back_to() -> None:
    chat = chatting()
    assert chat.say("book a room") == ["I put “Order Paper” aside and come back to it afterwards.", "Seats?"]
    assert [entry["what"] for entry in chat.turn.trace["tasks"]] == ["held"]
    assert chat.say("4") == ["Booked.", "Back to “Order Paper”.", "How many?"]
    assert chat.turn.end_reason == "fulfilled"
    assert chat.say("3") == ["Any note?"]
    assert chat.say("blue") == ["Ordered 3: blue."]
    assert chat.state.held == ()


def test_one_that_asks_nothing_is_over_in_the_same_turn() -> None:
    chat = chatting()
    assert chat.say("what is for lunch?")[1:] == ["Soup.", "Back to “Order Paper”.", "How many?"]


def test_values_given_before_are_there_afterwards() -> None:
    document = order()
    document["nodes"][2]["properties"]["precedence"] = "intent"
    chat = Chat(document, menu())
    for words in ("order paper", "5", "lunch menu"):
        chat.say(words)
    assert chat.say("red") == ["Ordered 5: red."]


def test_they_come_back_in_reverse_order_and_the_oldest_of_too_many_is_dropped() -> None:
    chat = chatting(settings={"most_held": 1})
    chat.say("book a room")
    assert "“Order Paper” had waited longest, so I dropped it." in chat.say("order paper")[1]
    assert [frame[-1].task for frame in chat.state.held] == ["room/1"]
    chat = chatting()
    chat.say("book a room")
    chat.say("order paper")
    chat.say("2")
    assert chat.say("x")[-2:] == ["Back to “Book a Room”.", "Seats?"]
    assert chat.say("9")[-2:] == ["Back to “Order Paper”.", "How many?"]


def test_coming_back_can_be_silent_or_asked_about() -> None:
    chat = chatting(settings={"resume": "silent"})
    assert chat.say("lunch menu") == ["Soup.", "How many?"]
    chat = chatting(settings={"resume": "ask"})
    assert chat.say("lunch menu")[1:] == ["Soup.", "“Order Paper” is not finished. Shall I go on with it?"]
    assert chat.say("hm, hm") == ["“Order Paper” is not finished. Shall I go on with it?"]
    assert chat.say("yes") == ["How many?"]
    chat.say("lunch menu")
    assert chat.say("12") == ["Any note?"]
    chat = chatting(settings={"resume": "ask"})
    chat.say("lunch menu")
    assert chat.say("no")[0].startswith("I stopped “Order Paper” here.")
    assert chat.state.task == ""


def test_another_wish_instead_of_an_answer_to_that() -> None:
    chat = chatting(settings={"resume": "ask"})
    chat.say("lunch menu")
    assert chat.say("book a room")[-1] == "Seats?"
    assert chat.say("1")[-1] == "“Order Paper” is not finished. Shall I go on with it?"


def test_a_task_can_be_discarded_with_or_without_a_word() -> None:
    chat = chatting(settings={"interruptions": "discard"})
    assert chat.say("book a room") == [
        "I stopped “Order Paper” here. What was done before stays done; nothing more was.",
        "Seats?",
    ]
    assert chat.say("1") == ["Booked."]
    chat = chatting(settings={"interruptions": "discard", "discard_notice": False})
    assert chat.say("book a room") == ["Seats?"]


def test_a_wish_can_be_queued() -> None:
    chat = chatting(settings={"interruptions": "queue"})
    assert chat.say("book a room") == ["“Book a Room” comes afterwards.", "How many?"]
    assert chat.state.context["FollowupIntents"] == ["room"]
    assert chat.say("lunch menu") == ["“Today's Menu” comes afterwards.", "How many?"]
    chat.say("1")
    assert chat.say("x") == ["Ordered 1: x.", "Now “Book a Room”, as you asked.", "Seats?"]
    assert chat.say("1") == ["Booked.", "Now “Today's Menu”, as you asked.", "Soup."]
    assert chat.state.queue == ()


def test_there_is_an_end_to_wishes() -> None:
    chat = chatting(settings={"interruptions": "queue"}, retries=10)
    for _ in range(5):
        chat.say("lunch menu")
    assert "I cannot remember more" in chat.say("lunch menu")[0]
    assert len(chat.state.queue) == 5


def test_the_person_can_be_asked() -> None:
    chat = chatting(settings={"interruptions": "ask"})
    asked = chat.say("book a room")
    assert asked[0].startswith(
        "“Order Paper” is not finished. What shall I do? 1) Start “Book a Room” and come back 2)"
    )
    assert [title for title, _ in chat.turn.replies[0].quick_replies][1] == "Do it afterwards"
    assert chat.say("2") == ["“Book a Room” comes afterwards.", "How many?"]
    chat.say("lunch menu")
    assert chat.say("Go on with “Order Paper”") == ["How many?"]
    chat.say("lunch menu")
    assert chat.say("yes")[1] == "Soup."
    chat.say("lunch menu")
    assert chat.say("7") == ["Any note?"]


def test_another_task_can_be_forbidden() -> None:
    chat = chatting(settings={"interruptions": "forbid"})
    assert "How many?" in chat.say("book a room")[0]
    assert chat.state.retries == 1


def test_a_node_overrides_its_dialog_and_that_the_app() -> None:
    chat = Chat(order({"interruptions": "forbid"}), room(), settings={"interruptions": "discard"})
    chat.say("order paper")
    assert "How many?" in chat.say("book a room")[0]
    document = order({"interruptions": "forbid"}, interruptions="queue")
    chat = Chat(document, menu(), settings={"interruptions": "discard"})
    chat.say("order paper")
    assert chat.say("lunch menu")[0] == "“Today's Menu” comes afterwards."


def test_words_are_taken_for_the_value_unless_the_node_says_otherwise() -> None:
    chat = chatting()
    chat.say("1")
    assert chat.say("book a room") == ["Ordered 1: book a room."]
    document = order()
    document["nodes"][2]["properties"]["precedence"] = "ask"
    chat = Chat(document, room())
    chat.say("order paper")
    chat.say("1")
    assert chat.say("book a room") == ["How do you mean that? 1) It is my answer 2) Start “Book a Room”"]
    assert chat.say("it is my answer") == ["Ordered 1: book a room."]
    chat.say("order paper")
    chat.say("1")
    chat.say("book a room")
    assert chat.say("2")[-1] == "Seats?"


def test_the_task_itself_and_what_waits_for_it_are_no_interruption() -> None:
    inner = order()
    nodes = [node("sub", "dialog", task="order")]
    chat = Chat(inner, task("shop", "Go Shopping", ["go shopping"], nodes, line("shop", "sub")))
    chat.say("go shopping")
    for words in ("order paper", "go shopping"):
        assert "How many?" in chat.say(words)[0]
        assert chat.task == "order"


def test_a_sub_dialog_is_held_with_what_it_is_a_part_of() -> None:
    nodes = [node("sub", "dialog", task="order"), node("m", "message", texts=["All bought."])]
    chat = Chat(order(), menu(), task("shop", "Go Shopping", ["go shopping"], nodes, line("shop", "sub", "m")))
    chat.say("go shopping")
    assert chat.say("lunch menu")[-1] == "How many?"
    chat.say("1")
    assert chat.say("x")[-1] == "All bought."


def test_cancel_comes_back_to_what_was_put_aside() -> None:
    chat = chatting()
    chat.say("book a room")
    assert chat.say("cancel")[1:] == ["Back to “Order Paper”.", "How many?"]
    assert chat.say("cancel")[0].startswith("I stopped “Order Paper”")
    assert chat.state.task == ""


@pytest.mark.parametrize("mode", ["hold", "queue"])
def test_a_held_task_whose_version_is_gone_is_told_in_words(mode: str) -> None:
    chat = chatting(settings={"interruptions": mode})
    chat.say("book a room")
    graphs = {
        key: graph for key, graph in chat.bot.graphs.items() if key != ("order/1" if mode == "hold" else "room/1")
    }
    chat.bot = type(chat.bot)(graphs, settings=chat.bot.settings)
    last = chat.say("1") if mode == "hold" else [*chat.say("1"), *chat.say("x")]
    assert "no longer available" in last[-1]
    assert chat.state.task == ""


def test_what_is_held_is_bounded_in_bytes() -> None:
    nodes = [
        node("grow", "script", code="context.big = 'x'.repeat(600000)"),
        node("q", "entity", type="number", prompts=["?"]),
    ]
    chat = Chat(task("big", "Big Thing", ["big thing"], nodes, line("big", "grow", "q")), room())
    chat.say("big thing")
    assert "“Big Thing” had waited longest" in chat.say("book a room")[0]
    assert chat.state.held == ()


def listening(inner: bool) -> Document:
    asked = "sad" if inner else "menu"
    nodes = [
        node("hi", "message", texts=["How are you?"]),
        node("sad", "intent", utterances=["not so well", "i feel sad"]),
        node("cheer", "message", texts=["Cheer up!"]),
        node("fine", "message", texts=["Fine."]),
    ]
    arrows = [
        arrow("talk", "hi"),
        arrow("hi", "sad", criterion("intent", "FollowupIntents", "equals", asked)),
        arrow("hi", "fine"),
        arrow("sad", "cheer"),
    ]
    return task("talk", "Small Talk", ["let us talk"], nodes, arrows)


@pytest.mark.parametrize(("inner", "words"), [(True, "I feel sad"), (False, "what is for lunch")])
def test_a_message_waits_for_words_where_a_transition_asks_for_an_intent(inner: bool, words: str) -> None:
    chat = Chat(listening(inner), menu())
    assert chat.say("let us talk") == ["How are you?"]
    assert chat.state.waiting == "answer"
    assert chat.say(words) == ["Cheer up!"]
    chat.say("let us talk")
    assert chat.say("very well") == ["Fine."]


def test_an_answer_that_does_not_fit_can_follow_an_intent_instead() -> None:
    document = order()
    document["nodes"].append(node("help", "intent", utterances=["how many are in a box"]))
    document["nodes"].append(node("box", "message", texts=["500 in a box."]))
    document["transitions"] = [
        arrow("order", "count"),
        arrow("count", "help", criterion("intent", "FollowupIntents", "equals", "help")),
        *line("count", "note", "ordered"),
        *line("help", "box", "count"),
    ]
    chat = Chat(document)
    chat.say("order paper")
    assert chat.say("how many are in a box?") == ["500 in a box.", "How many?"]
    assert chat.say("2") == ["Any note?"]
