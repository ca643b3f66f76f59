from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.errors import MessageTooLong, UnknownConversation
from dialogs.flows import author, bots
from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish
from dialogs.graph.problems import InvalidGraph
from dialogs.models import Conversation, DialogTask, Turn
from integrations.api import CallRecord
from tests.dialogs.factories import task
from tests.dialogs.samples import arrow, creating, document, greeting, node
from tests.factories import EndUserFactory

if TYPE_CHECKING:
    from dialogs.flows.perform import Answer
    from tests.dialogs.loopback import Loopback
    from xoplatform.models import App, EndUser


def texts(answer: Answer) -> list[str]:
    return [reply["text"] for reply in answer.replies]


@pytest.fixture
def greets(app: App) -> DialogTask:
    row = task(app, greeting())
    publish(row)
    return row


@pytest.mark.usefixtures("greets")
def test_a_conversation_goes_on_where_it_was(app: App, person: EndUser) -> None:
    first = post_message(app, person, "say hello")
    assert texts(first) == ["What is your name?"]
    second = post_message(app, person, "Ada", conversation=first.conversation)
    assert texts(second) == ["Nice to meet you, Ada."]
    numbers = Turn.objects.order_by("number").values_list("number", "text")
    assert list(numbers) == [(1, "say hello"), (2, "Ada")]


@pytest.mark.usefixtures("greets")
def test_within_a_task_a_turn_is_one_read_and_one_transaction(
    app: App, person: EndUser, django_assert_num_queries: Any
) -> None:
    first = post_message(app, person, "say hello", client_message_id="m1")
    post_message(app, person, "Ada", conversation=first.conversation, client_message_id="m2")
    again = post_message(app, person, "say hello", conversation=first.conversation, client_message_id="m3")
    with django_assert_num_queries(5) as made:  # a savepoint stands for BEGIN and COMMIT inside of a test
        post_message(app, person, "Bo", conversation=again.conversation, client_message_id="m4")
    verbs = [query["sql"].split()[0] for query in made.captured_queries]
    assert verbs == ["SELECT", "SAVEPOINT", "UPDATE", "INSERT", "RELEASE"]


@pytest.mark.usefixtures("greets")
def test_an_idle_conversation_asks_for_the_list_of_tasks_once(
    app: App, person: EndUser, django_assert_num_queries: Any
) -> None:
    post_message(app, person, "say hello")
    with django_assert_num_queries(5) as made:
        post_message(app, person, "say hello")
    assert "dialogs_dialogtask" in made.captured_queries[0]["sql"]


@pytest.mark.usefixtures("greets")
def test_a_message_delivered_twice_is_answered_once(app: App, person: EndUser) -> None:
    first = post_message(app, person, "say hello", client_message_id="m1")
    assert post_message(app, person, "say hello", client_message_id="m1") == first
    second = post_message(app, person, "Ada", conversation=first.conversation, client_message_id="m2")
    assert post_message(app, person, "Ada", conversation=first.conversation, client_message_id="m2") == second
    assert Conversation.objects.count() == 1
    assert Turn.objects.count() == 2


@pytest.mark.usefixtures("greets")
def test_the_same_message_id_of_another_person_is_another_message(app: App, person: EndUser) -> None:
    first = post_message(app, person, "say hello", client_message_id="m1")
    other = post_message(app, EndUserFactory.create(app=app), "say hello", client_message_id="m1")
    assert other.conversation != first.conversation


@pytest.mark.usefixtures("greets")
def test_nobody_gets_into_another_persons_conversation(app: App, person: EndUser) -> None:
    first = post_message(app, person, "say hello")
    with pytest.raises(UnknownConversation):
        post_message(app, EndUserFactory.create(app=app), "Ada", conversation=first.conversation)
    with pytest.raises(UnknownConversation):
        post_message(app, person, "Ada", conversation=uuid.uuid4())


@pytest.mark.usefixtures("greets")
def test_a_five_megabyte_message_is_refused_and_the_conversation_stays_as_it_was(app: App, person: EndUser) -> None:
    first = post_message(app, person, "say hello")
    with pytest.raises(MessageTooLong, match="5,000,000 characters"):
        post_message(app, person, "x" * 5_000_000, conversation=first.conversation)
    assert Turn.objects.count() == 1
    assert texts(post_message(app, person, "Ada", conversation=first.conversation)) == ["Nice to meet you, Ada."]


def test_a_running_conversation_keeps_the_version_it_began_with(app: App, person: EndUser, greets: DialogTask) -> None:
    first = post_message(app, person, "say hello")
    author.replace_draft(greets, greeting(words="Welcome"))
    publish(greets)
    assert texts(post_message(app, person, "Ada", conversation=first.conversation)) == ["Nice to meet you, Ada."]
    again = post_message(app, person, "say hello", conversation=first.conversation)
    assert texts(post_message(app, person, "Ada", conversation=again.conversation)) == ["Welcome, Ada."]


def test_talk_runs_the_draft_and_channels_run_what_was_published(app: App, person: EndUser, greets: DialogTask) -> None:
    author.replace_draft(greets, greeting(words="Welcome"))
    for draft, words in ((True, "Welcome, Ada."), (False, "Nice to meet you, Ada.")):
        first = post_message(app, person, "say hello", draft=draft)
        assert texts(post_message(app, person, "Ada", conversation=first.conversation)) == [words]


@pytest.mark.usefixtures("greets")
def test_with_a_focus_only_that_task_is_open(app: App, person: EndUser) -> None:
    other = task(app, greeting("wave"))
    first = post_message(app, person, "say hello", draft=True, focus=other)
    assert Conversation.objects.get(public_id=first.conversation).focus == other
    assert texts(first) == ["What is your name?"]


def test_a_draft_that_cannot_run_says_why(app: App, person: EndUser) -> None:
    row = task(app, document("lost", [node("start", "nonsense")], [arrow("start", "@end")]))
    with pytest.raises(InvalidGraph, match="start"):
        post_message(app, person, "hello", draft=True, focus=row)


def test_a_draft_that_cannot_run_does_not_stop_the_others(app: App, person: EndUser) -> None:
    task(app, document("lost", [node("start", "nonsense")], [arrow("start", "@end")]))
    task(app, greeting())
    assert texts(post_message(app, person, "say hello", draft=True)) == ["What is your name?"]


def test_a_dialog_deleted_under_a_conversation_is_left_in_words(app: App, person: EndUser, greets: DialogTask) -> None:
    first = post_message(app, person, "say hello")
    greets.delete()
    bots.forget()
    assert "no longer available" in texts(post_message(app, person, "Ada", conversation=first.conversation))[0]


def test_calls_are_recorded_with_the_turn(app: App, person: EndUser, provider: Loopback) -> None:
    publish(task(app, creating()))
    first = post_message(app, person, "create an issue")
    assert texts(post_message(app, person, "Printer", conversation=first.conversation)) == ["Created: answered DEMO-1"]
    assert provider.requests[-1][2]["fields"]["summary"] == "Printer"
    calls = {call.operation: call for call in CallRecord.objects.filter(app=app)}
    assert {name: call.status for name, call in calls.items()} == {
        "getProject": "succeeded",
        "createIssue": "succeeded",
    }
    assert {call.reference for call in calls.values()} == {str(first.conversation)}
    assert {call.end_user_id for call in calls.values()} == {person.pk}


def test_a_five_turn_conversation_fits_into_eight_kilobytes(app: App, person: EndUser, provider: Loopback) -> None:
    publish(task(app, creating()))
    answer = post_message(app, person, "create an issue")
    for text in ("Printer on fire", "create an issue", "Screen on fire", "create an issue"):
        answer = post_message(app, person, text, conversation=answer.conversation)
    assert stored_bytes() < 8_000


def stored_bytes() -> int:
    rows = [*Conversation.objects.values_list(), *Turn.objects.values_list()]
    return sum(len(str(value)) for row in rows for value in row)
