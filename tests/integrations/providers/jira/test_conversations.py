"""The templates, run by the engine with the real calls against the stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialogs.bridges import Caller, scripts
from dialogs.engine import Bot, Ports, State, SystemClock, compile_graph, take_turn
from integrations import api
from integrations.flows import configure
from tests.factories import EndUserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integrations.grants import Grants
    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(grants: Grants) -> Callable[..., str]:
    """Says things one after the other; gives what the bot answered to the last."""
    row = grants.connect()
    configure.enable(row.action)
    person = EndUserFactory(app=row.action.app)
    bot = Bot({template.id: compile_graph(template.document) for template in api.templates("jira")})
    caller = Caller(
        app_id=row.action.app_id,
        end_user_id=person.pk,
        reference="test",
        before_send=lambda record, _timeout: record.save(),
    )
    ports = Ports(operations=caller, scripts=scripts(), clock=SystemClock())
    state = State()

    def speak(*messages: str) -> str:
        nonlocal state
        replies: list[str] = []
        for message in messages:
            turn = take_turn(bot, state, message, ports)
            state, replies = turn.state, [reply.text for reply in turn.replies]
        return "\n".join(replies)

    return speak


def test_an_issue_is_created_by_chatting(say: Callable[..., str], atlassian: Sandbox) -> None:
    words = say("create an issue", "not a key!", "demo", "Printer on fire", "Bug")
    assert "DEMO-4 “Printer on fire” is created (Bug, To Do)" in words
    assert atlassian.issue("DEMO-4") is not None


def test_an_issue_is_read_by_chatting(say: Callable[..., str]) -> None:
    assert "DEMO-1: Welcome new colleagues" in say("get an issue by key", "demo-1")


def test_a_type_that_jira_refuses_is_told_in_its_own_words_and_nothing_is_created(
    say: Callable[..., str], atlassian: Sandbox
) -> None:
    told = say("create an issue", "demo", "Printer on fire", "Catastrophe")
    assert "Nothing was created." in told
    assert "Specify a valid issue type" in told
    assert atlassian.issue("DEMO-4") is None


@pytest.mark.parametrize("words", ["show me DEMO-7", "get DEMO-2", "show issue DEMO-1"])
def test_an_issue_is_asked_for_by_its_key(say: Callable[..., str], words: str) -> None:
    assert "key" in say(words)


def test_a_list_goes_on_page_by_page_and_ends_with_a_word(say: Callable[..., str]) -> None:
    for number in range(6):
        say("create an issue", "DEMO", f"Number {number}", "Bug")
    assert "Number 5" in say("get all issues")
    assert "DEMO-1:" in say("yes")
    assert say("get all issues", "no") == "That is the end of the list."


def test_an_issue_is_changed_by_chatting(say: Callable[..., str]) -> None:
    assert "now reads “New words”" in say("update an issue", "DEMO-1", "summary", "New words")
    assert "urgent" in say("update an issue", "DEMO-1", "label", "two words", "urgent")


def test_an_issue_is_deleted_only_after_a_yes(say: Callable[..., str], atlassian: Sandbox) -> None:
    assert "stays as it is" in say("delete an issue", "DEMO-1", "no")
    assert atlassian.issue("DEMO-1") is not None
    assert "DEMO-1 is deleted" in say("delete an issue", "DEMO-1", "yes")
    assert atlassian.issue("DEMO-1") is None


def test_a_lost_answer_is_told_as_unknown_and_nothing_is_repeated(say: Callable[..., str], atlassian: Sandbox) -> None:
    atlassian.fault("cut_after", on="createIssue")
    assert "unknown whether it was created" in say("create an issue", "DEMO", "Once only", "Bug")
    assert [i["key"] for i in atlassian.issues()].count("DEMO-4") == 1


def test_jira_being_down_is_told(say: Callable[..., str], atlassian: Sandbox) -> None:
    atlassian.fault("cut_before", on="*", times=None)
    assert "could not be reached" in say("get an issue by key", "DEMO-1")
