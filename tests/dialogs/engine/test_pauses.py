"""A person comes back after a while."""

from __future__ import annotations

import pytest

from tests.dialogs.engine.stand_ins import Chat
from tests.dialogs.engine.tasks import create_issue, get_all_issues, get_issue
from tests.dialogs.engine.test_waiting import chatting, finding


def chat_at_type(**settings: object) -> Chat:
    chat = Chat(create_issue(), get_all_issues(), settings=settings)
    for words in ("create an issue", "demo"):
        chat.say(words)
    return chat


def test_after_a_pause_what_fits_is_an_answer() -> None:
    chat = chat_at_type()
    chat.later(hours=3)
    assert chat.say("Printer on fire") == ["Which type?"]


def test_after_a_pause_words_for_another_task_are_a_new_request() -> None:
    chat = chat_at_type()
    assert chat.say("list issues") == ["Which type?"]
    chat = chat_at_type()
    chat.later(minutes=15)
    assert chat.say("list issues")[1] == "Here they are."


def test_the_length_of_a_pause_is_a_setting() -> None:
    chat = chat_at_type(idle_minutes=60)
    chat.later(minutes=59)
    assert chat.say("list issues") == ["Which type?"]


def test_after_a_pause_nothing_is_forbidden() -> None:
    chat = chat_at_type(interruptions="forbid")
    chat.later(hours=1)
    assert chat.say("list issues")[0].startswith("I stopped “Create an Issue” here.")


def test_after_the_time_out_a_task_is_over_and_the_message_starts_afresh() -> None:
    chat = chat_at_type()
    chat.later(hours=25)
    words = chat.say("list issues")
    assert words == [
        "We last spoke about “Create an Issue” 1 day ago, so I ended it. What was done before stays done.",
        "Here they are.",
    ]
    assert chat.turn.trace["tasks"] == [{"what": "timed_out", "task": "createIssue"}]
    assert chat.state.task == ""


def test_an_answer_that_comes_too_late_is_understood_as_what_it_is_now() -> None:
    chat = chat_at_type(timeout_minutes=30)
    chat.later(minutes=31)
    words = chat.say("Printer on fire")
    assert "31 minutes ago, so I ended it" in words[0]
    assert "I did not understand that" in words[1]


def test_what_was_held_is_over_too() -> None:
    chat = chat_at_type()
    for words in ("Fire", "get all issues"):
        chat.say(words)
    chat = Chat(create_issue(), get_issue())
    for words in ("create an issue", "demo", "Fire", "show an issue"):
        chat.say(words)
    assert chat.state.held
    chat.later(days=2)
    chat.say("hm")
    assert (chat.state.held, chat.state.task) == ((), "")


def test_a_task_that_waits_for_an_authorization_ends_after_the_time_out() -> None:
    chat = chatting(finding(), create_issue())
    for words in ("find it", "DEMO-7"):
        chat.say(words)
    chat.later(days=2)
    assert "“Find It” 2 days ago, so I ended it" in chat.say("hello")[0]
    assert chat.state.authorization == {}


@pytest.mark.parametrize("minutes", [-120, 0, 4])
def test_no_setting_is_looked_up_without_a_pause(minutes: int) -> None:
    class Nothing:
        def version(self, key: str) -> None:
            return None

        task = version

        def whole(self) -> object:
            raise AssertionError

        settings = whole

    chat = chat_at_type()
    chat.bot = type(chat.bot)({}, shelf=Nothing()).pinned("createIssue/1", chat.bot.graphs["createIssue/1"])  # type: ignore[arg-type]
    chat.later(minutes=minutes)
    assert chat.say("Printer on fire") == ["Which type?"]
