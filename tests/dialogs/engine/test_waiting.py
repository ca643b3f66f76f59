"""What happens between the link and the consent, with the rules of interruptions set aside."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.engine import OperationResult, Standing
from tests.dialogs.engine.stand_ins import Chat, Person, Provider, answered
from tests.dialogs.engine.tasks import create_issue, delete_issue, get_all_issues, line, node, service, task

if TYPE_CHECKING:
    from tests.dialogs.engine.tasks import Document


LIKELY_WORDS = ["yes", "no", "1", "3", "9", "an issue", "create an issue", "cancel", "new link", "KX7PQ2", "find it"]


def finding(**root: Any) -> Document:
    """Asks which issue, reads it, says so."""
    nodes = [
        node("which", "entity", prompts=["Which one?"]),
        service("findIt", "getIssue", on_failure="found"),
        node("found", "message", texts=["Found {{context.findIt.response.body.key}}."]),
    ]
    document = task("find", "Find It", ["find it"], nodes, line("find", "which", "findIt", "found"))
    document["nodes"][0]["properties"] |= root
    return document


def chatting(*documents: Document, person: Person | None = None) -> Chat:
    person = person or Person()
    provider = Provider({"getIssue": person.call, "createIssue": person.call, "getAccessibleSite": person.call})
    return Chat(*documents, provider=provider, person=person)


@pytest.fixture
def chat() -> Chat:
    """A conversation that came to a call without a grant; others of the bot's tasks could be asked for."""
    chat = chatting(finding(), create_issue(), get_all_issues(), delete_issue())
    for words in ("find it", "DEMO-7"):
        chat.say(words)
    return chat


def url(chat: Chat) -> Any:
    data = chat.turn.replies[-1].data
    return data["url"] if data else None


def test_the_link_comes_as_text_and_as_data(chat: Chat) -> None:
    reply = chat.turn.replies[-1]
    assert reply.text == (
        "I need your permission to use Jira for you. Open this link to authorize, then I go on from here by myself: "
        "https://x/jira/1 (it works for 1 hour). At the end the page shows a code of six characters; type it here."
    )
    assert reply.data == {
        "type": "authorization_required",
        "url": "https://x/jira/1",
        "expires_at": "2026-11-23T10:30:00+00:00",
        "provider": "jira",
        "code_needed": True,
    }
    assert (chat.state.waiting, chat.state.node) == ("authorization", "findIt")
    assert chat.steps["findIt"]["status"] == "waiting"


def test_after_consent_it_goes_on_from_the_same_node_with_nothing_lost(chat: Chat) -> None:
    chat.person.authorized()
    assert chat.resume() == ["Found DEMO-7."]
    assert chat.turn.end_reason == "fulfilled"
    assert chat.state.authorization == {}


def test_inside_a_container_it_waits_and_goes_on_alike() -> None:
    chat = chatting(create_issue())
    for words in ("create an issue", "demo", "x", "Bug"):
        chat.say(words)
    assert chat.state.path == ("createIssueAction", "getResourceIdService")
    chat.person.authorized()
    chat.provider.answers["createIssue"] = answered(201, {"key": "DEMO-1"})
    assert chat.resume() == ["Created DEMO-1."]


@pytest.mark.parametrize("words", ["hello", "thanks!", "what is that for?", "DEMO-7", "done"])
def test_small_talk_and_what_is_not_understood_repeat_the_same_link(chat: Chat, words: str) -> None:
    chat.say(words)
    assert url(chat) == "https://x/jira/1"
    assert chat.turn.replies[-1].text.startswith("I cannot go on before that.")
    assert chat.person.links == 1
    assert chat.steps["findIt"]["status"] == "waiting"


def test_a_link_that_ran_out_is_replaced_with_a_word(chat: Chat) -> None:
    chat.person.clock.time += timedelta(minutes=59)
    assert "(it works for 1 minute)" in chat.say("hello")[0]
    chat.person.clock.time += timedelta(minutes=2)
    assert chat.say("hello")[0].startswith("The last link has run out, so here is a new one.")
    assert url(chat) == "https://x/jira/2"
    chat.say("hello")
    assert chat.person.links == 2


def test_who_asks_for_a_new_link_gets_one(chat: Chat) -> None:
    assert chat.say("Send me a new link.")[0].startswith("Here is a new link.")
    assert url(chat) == "https://x/jira/2"


@pytest.mark.parametrize("words", ["cancel", "Stop!", "never mind"])
def test_cancel_ends_the_task(chat: Chat, words: str) -> None:
    assert chat.say(words) == ["I stopped “Find It” here. What was done before stays done; nothing more was."]
    assert (chat.turn.end_reason, chat.state.task) == ("canceled", "")


class TestAnotherTask:
    def test_it_is_asked_about_before_the_task_is_dropped(self, chat: Chat) -> None:
        assert chat.say("create an issue") == [
            "“Find It” waits for your authorization. Shall I drop it and start “Create an Issue” instead?"
        ]
        assert chat.turn.replies[0].quick_replies == (("Yes", "yes"), ("No", "no"))
        assert chat.say("yes") == [
            "I stopped “Find It” here. What was done before stays done; nothing more was.",
            "Which project?",
        ]
        assert chat.state.waiting == "answer"

    @pytest.mark.parametrize("no", ["no", "never mind", "ignore that and continue"])
    def test_a_no_goes_on_waiting_with_the_same_link(self, chat: Chat, no: str) -> None:
        chat.say("create an issue")
        chat.say(no)
        assert url(chat) == "https://x/jira/1"
        assert chat.state.waiting == "authorization"
        chat.say("yes")
        assert url(chat) == "https://x/jira/1"

    def test_cancel_is_no_answer_but_the_end(self, chat: Chat) -> None:
        chat.say("create an issue")
        chat.say("cancel")
        assert chat.state.task == ""

    def test_the_consent_may_come_before_the_answer(self, chat: Chat) -> None:
        chat.say("create an issue")
        chat.person.authorized()
        assert chat.resume() == ["Found DEMO-7."]

    def test_several_are_offered_beside_going_on(self, chat: Chat) -> None:
        reply = chat.say("an issue")[0]
        assert reply.startswith("“Find It” waits for your authorization. What shall I do? 1) ")
        titles = [title for title, _ in chat.turn.replies[0].quick_replies]
        assert len(titles) > 2
        assert titles[-1] == "Ignore that and continue"
        chat.say(str(len(titles)))
        assert url(chat) == "https://x/jira/1"
        chat.say("an issue")
        assert chat.say("Delete an Issue")[1] == "Which one?"

    def test_the_same_task_again_is_no_other(self, chat: Chat) -> None:
        chat.say("find it")
        assert url(chat) == "https://x/jira/1"


class TestTheCode:
    @pytest.fixture(autouse=True)
    def page_shows_a_code(self, chat: Chat) -> None:
        chat.person.code = "KX7PQ2"

    @pytest.mark.parametrize("typed", ["KX7PQ2", "kx7pq2", " KX7 PQ2 ", "kx7-pq2"])
    def test_typed_back_it_lets_the_dialog_go_on_at_once(self, chat: Chat, typed: str) -> None:
        assert chat.say(typed) == ["Found DEMO-7."]

    def test_a_wrong_one_is_told_with_the_tries_left(self, chat: Chat) -> None:
        assert "That is not the code, so nothing was connected. 2 tries are left." in chat.say("AAAAAA")[0]
        assert "1 try is left" in chat.say("AAAAAA")[0]
        assert chat.say("KX7PQ2") == ["Found DEMO-7."]

    def test_without_tries_there_is_a_new_link(self, chat: Chat) -> None:
        for _ in range(3):
            said = chat.say("AAAAAA")
        assert "no tries are left" in said[0]
        assert url(chat) == "https://x/jira/2"

    def test_a_code_that_no_page_shows_is_told_with_the_link(self, chat: Chat) -> None:
        chat.person.code = ""
        assert chat.say("KX7PQ2")[0].startswith("If that is a code, it is not one that a page shows you now")
        assert url(chat) == "https://x/jira/1"


class TestCheckedAtTheStart:
    def test_nobody_is_asked_anything_before_they_have_authorized(self) -> None:
        chat = chatting(finding(authorize_first=True))
        assert "https://x/jira/1" in chat.say("find it")[0]
        assert (chat.state.node, chat.provider.requests) == ("find", [])
        chat.person.authorized()
        assert chat.resume() == ["Which one?"]
        assert chat.say("DEMO-7") == ["Found DEMO-7."]

    def test_who_has_authorized_notices_nothing(self) -> None:
        chat = chatting(finding(authorize_first=True), person=Person(state=Standing()))
        assert chat.say("find it") == ["Which one?"]

    def test_what_cannot_be_called_at_all_is_told_at_once(self) -> None:
        chat = chatting(finding(authorize_first=True), person=Person(state=Standing("refused", "Jira is disabled.")))
        assert chat.say("find it") == ["Jira is disabled."]
        assert chat.turn.end_reason == "failed"

    def test_a_task_that_calls_nothing_asks_for_nothing(self) -> None:
        root = task("t", "T", ["go"], [node("m", "message", texts=["Hi."])], line("t", "m"))
        root["nodes"][0]["properties"]["authorize_first"] = True
        assert chatting(root).say("go") == ["Hi."]


class TestTheAppsOwnGrant:
    @pytest.fixture
    def chat(self) -> Chat:
        lost = Standing("authorization_required", "Jira has to be authorized again. A developer can do that.")
        chat = chatting(finding(), person=Person(state=lost, may_authorize=False))
        for words in ("find it", "DEMO-7"):
            chat.say(words)
        return chat

    def test_what_is_wrong_and_who_can_mend_it_is_told_without_a_link(self, chat: Chat) -> None:
        assert chat.turn.replies[-1].text.startswith("Jira has to be authorized again. A developer can do that. Once")
        assert url(chat) is None
        assert chat.say("hello")[0].startswith("I cannot go on before that. Jira has to be authorized again.")

    def test_it_goes_on_once_that_is_mended(self, chat: Chat) -> None:
        chat.person.authorized()
        assert chat.resume() == ["Found DEMO-7."]


def test_a_message_goes_on_where_the_news_of_the_consent_was_lost(chat: Chat) -> None:
    chat.person.authorized()
    assert chat.say("done") == ["Found DEMO-7."]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(messages=st.lists(st.one_of(st.text(max_size=30), st.sampled_from(LIKELY_WORDS)), max_size=6))
def test_whatever_is_said_meanwhile_the_task_waits_or_ends_in_words(chat: Chat, messages: list[str]) -> None:
    before = chat.stored
    for text in messages:
        assert all(chat.say(text))
    chat.stored = before


def test_a_consent_that_is_not_enough_brings_a_new_link(chat: Chat) -> None:
    chat.provider.answers["getIssue"] = OperationResult(
        "authorization_required", message="It does not cover “Get issue”.", grant="1/later"
    )
    assert chat.resume()[0].startswith("It does not cover “Get issue”. Open this link")
    assert url(chat) == "https://x/jira/2"
    assert chat.state.authorization["grant"] == "1/later"
    chat.resume()
    assert chat.person.links == 2
