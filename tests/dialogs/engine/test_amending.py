"""A value given earlier is changed by words: only where settings allow it, and only one that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.dialogs.engine.stand_ins import Chat
from tests.dialogs.engine.tasks import line, node, service, task

if TYPE_CHECKING:
    from tests.dialogs.engine.tasks import Document

ON = {"amend": True}


def report() -> Document:
    nodes = [
        node("projectKey", "entity", pattern="[A-Z]+", letter_case="upper", prompts=["Which project?"]),
        node("count", "entity", type="number", prompts=["How many?"]),
        service("look", "getIssue"),
        node("summary", "entity", prompts=["What about?"]),
        node("sure", "confirmation", prompts=["{{context.entities.projectKey}}: {{context.entities.summary}}, sure?"]),
        node("done", "message", texts=["{{context.entities.projectKey}}, {{context.entities.count}}."]),
    ]
    order = line("report", "projectKey", "count", "look", "summary", "sure", "done")
    return task("report", "Report", ["report"], nodes, order)


def chatting(*words: str, settings: dict[str, Any] | None = None) -> Chat:
    chat = Chat(report(), settings=ON if settings is None else settings)
    for said in ("report", "demo", "3", *words):
        chat.say(said)
    return chat


@pytest.mark.parametrize(
    "words",
    [
        "no, the project key is OPS",
        "No: project key should be ops",
        "change the project key to OPS",
        "please change project key to OPS",
        "Actually, set my project key = OPS",
        "i meant OPS for the project key",
        "projectKey: OPS",
    ],
)
def test_words_that_change_a_value(words: str) -> None:
    chat = chatting()
    assert chat.say(words) == ["I changed “project key” to “OPS”.", "What about?"]
    assert chat.state.context["entities"]["projectKey"] == "OPS"
    assert chat.say("Fire") == ["OPS: Fire, sure?"]


@pytest.mark.parametrize(
    "words",
    [
        "the printer is on fire",
        "we should change the project key",
        "nobody told the project key to us",
        "the summary is short",
        "change the colour to red",
        "the project key is 42!",
    ],
)
def test_words_that_change_none_are_an_answer(words: str) -> None:
    chat = chatting()
    assert chat.say(words) == [f"DEMO: {words}, sure?"]


def test_it_is_off_unless_settings_allow_it() -> None:
    chat = chatting(settings={})
    assert chat.say("change the project key to OPS") == ["DEMO: change the project key to OPS, sure?"]
    document = report() | {"settings": {"amend": True}}
    chat = Chat(document)
    for said in ("report", "demo"):
        chat.say(said)
    assert chat.say("no, the project key is ops") == ["I changed “project key” to “OPS”.", "How many?"]


def test_nothing_is_called_again_unless_settings_say_so() -> None:
    chat = chatting()
    chat.say("change the count to 5")
    assert len(chat.provider.requests) == 1
    chat = chatting("Fire", settings=ON | {"after_amending": "rerun"})
    assert chat.say("change the count to 5") == ["I changed “count” to “5”.", "DEMO: Fire, sure?"]
    assert len(chat.provider.requests) == 2


def test_a_rerun_can_forget_what_came_later() -> None:
    chat = chatting("Fire", settings=ON | {"after_amending": "rerun_clear"})
    assert chat.say("change the project key to OPS") == ["I changed “project key” to “OPS”.", "How many?"]
    assert chat.state.context["entities"] == {"projectKey": "OPS"}


def test_a_sensitive_value_is_neither_said_nor_traced() -> None:
    document = report()
    document["nodes"][1]["properties"]["sensitive"] = True
    chat = Chat(document, settings=ON)
    for said in ("report", "demo", "3"):
        chat.say(said)
    assert chat.say("change the project key to SECRET")[0] == "I changed “project key”."
    assert chat.turn.sensitive
    assert "SECRET" not in str(chat.turn.trace)


def test_two_entities_of_one_name_are_not_guessed_between() -> None:
    document = report()
    document["nodes"][1]["title"] = document["nodes"][2]["title"] = "Thing"
    chat = Chat(document, settings=ON)
    for said in ("report", "demo", "3"):
        chat.say(said)
    assert chat.say("change the thing to OPS") == ["DEMO: change the thing to OPS, sure?"]
