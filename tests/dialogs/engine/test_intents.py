from __future__ import annotations

import pytest

from dialogs.nodes.person import Person
from tests.dialogs.engine.stand_ins import Chat
from tests.dialogs.engine.tasks import ALL, Document, arrow, get_issue, node, task


def bot() -> Chat:
    return Chat(*(document() for document in ALL))


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("create an issue", "createIssue"),
        ("I would like to create a new issue, please", "createIssue"),
        ("crete isue", "createIssue"),
        ("Create a bug in DEMO: printer on fire", "createIssue"),
        ("delete", "deleteIssue"),
        ("remove the ticket DEMO-1", "deleteIssue"),
        ("show me all the issues", "getAllIssues"),
        ("UPDATE AN ISSUE!", "updateIssue"),
        ("Get an Issue by Key", "getIssuebyKey"),
    ],
)
def test_a_clear_winner_is_started(text: str, task: str) -> None:
    chat = bot()
    chat.say(text)
    assert chat.turn.trace["steps"][0]["node"] == task
    assert chat.turn.trace["intents"][0]["task"] == task


def test_several_close_ones_are_asked_about_and_answered_as_one_likes() -> None:
    for answer in ("2", "the second one"):
        chat = bot()
        assert chat.say("issue")[0].startswith("Which of these do you want? 1) ")
        titles = [title for title, _ in chat.turn.replies[0].quick_replies]
        chat.say(answer)
        assert chat.bot.graphs[chat.state.task].title == titles[1] if chat.state.task else chat.turn.end_reason
    chat = bot()
    chat.say("issue")
    chat.say("Delete an Issue")
    assert chat.state.node == "issueKey"
    chat = bot()
    chat.say("issue")
    chat.say("show me all tickets")
    assert chat.turn.end_reason == "fulfilled"


def test_one_that_is_only_likely_is_asked_about() -> None:
    chat = bot()
    assert chat.say("bug") == ["Do you want this: Create an Issue?"]
    assert chat.say("yes") == ["Which project?"]


@pytest.mark.parametrize("text", ["what is the weather", "help", "42", "😀", "?" * 300, "no"])
def test_what_matches_nothing_is_told_what_there_is(text: str) -> None:
    chat = bot()
    assert "What I can do: Create an Issue, Get an Issue by Key" in chat.say(text)[0]
    assert len(chat.turn.replies[0].quick_replies) == 5
    assert chat.state.waiting == ""


def test_a_bot_without_tasks_says_so() -> None:
    assert "no dialog of this App is published" in Chat().say("hello")[0]


def test_a_task_of_its_own_is_found_too() -> None:
    chat = Chat(get_issue())
    assert chat.say("show an issue") == ["Which one?"]


@pytest.mark.parametrize("text", ["get DEMO-7", "get OPS-12", "please get ops-1"])
def test_a_code_in_an_utterance_stands_for_any_code(text: str) -> None:
    document = get_issue()
    document["nodes"][0]["properties"]["utterances"] = ["get ABC-123"]
    chat = Chat(document, *(other() for other in ALL if other is not get_issue))
    chat.say(text)
    assert chat.turn.trace["steps"][0]["node"] == "getIssuebyKey"


def door(name: str, utterances: object, **properties: object) -> Document:
    document = task(name, name.title(), [], [node("said", "message", texts=[name])], [arrow(name, "said")])
    document["nodes"][0]["properties"] = {"utterances": utterances, **properties}
    return document


def test_what_people_say_may_be_given_by_language_and_the_own_one_comes_first() -> None:
    gift = door("gift", {"en": ["give me a gift"], "fr": ["un cadeau"]})
    poison = door("poison", {"de": ["gift", "ein cadeau"]})
    chat = Chat(gift, poison)
    chat.speaks(Person(locale="de-AT"))
    assert "1) Poison 2) Gift" in chat.say("cadeau")[0]
    chat = Chat(gift, poison)
    chat.speaks(Person(locale="fr"))
    assert "1) Gift 2) Poison" in chat.say("cadeau")[0]


def test_the_same_words_are_taken_in_the_persons_language() -> None:
    chat = Chat(door("present", {"en": ["gift"]}), door("poison", {"de": ["gift"]}))
    chat.speaks(Person(locale="de"))
    assert chat.say("Gift!") == ["poison"]
    chat.speaks(Person(locale="en-GB"))
    assert chat.say("Gift!") == ["present"]


def test_a_synonym_stands_for_a_word_of_the_utterances() -> None:
    chat = Chat(door("door", ["open the door"], synonyms={"door": ["gate", "portal"]}))
    assert chat.say("open the gate") == ["door"]
    assert chat.turn.trace["intents"][0]["score"] == 100.0


def test_what_was_said_before_the_question_still_holds_the_values() -> None:
    chat = bot()
    assert chat.say("bug OPS-1 DEMO") == ["Do you want this: Create an Issue?"]
    chat.say("yes")
    assert chat.state.context["userInputs"]["originalInput"]["sentence"] == "bug OPS-1 DEMO"
    assert chat.state.context["entities"]["projectKey"] == "DEMO"
