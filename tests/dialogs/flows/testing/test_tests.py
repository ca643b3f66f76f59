"""Conversations in Talk to Bot, recorded as tests and run against drafts that were changed since."""

from __future__ import annotations

from copy import deepcopy
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command

from dialogs.errors import BadTest, FailedTests, NothingToRecord
from dialogs.flows.author import replace_draft
from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish
from dialogs.flows.testing import check_turns, failures_of, record_test, run, run_all
from dialogs.models import Conversation, DialogTask, DialogTest, Turn, Version
from integrations.models import Connection, OperationCall
from tests.dialogs.factories import task
from tests.dialogs.samples import arrow, creating, document, greeting, node

if TYPE_CHECKING:
    from tests.dialogs.loopback import Loopback
    from xoplatform.models import App, EndUser


def talked(app: App, person: EndUser, *messages: str, focus: DialogTask | None = None) -> Conversation:
    """A conversation as Talk to Bot has it."""
    answer = post_message(app, person, messages[0], draft=True, focus=focus)
    for message in messages[1:]:
        post_message(app, person, message, conversation=answer.conversation)
    return Conversation.objects.get(public_id=answer.conversation)


@pytest.fixture
def greets(app: App, person: EndUser) -> DialogTest:
    """A test of one dialog that asks for a name and greets."""
    return record_test(talked(app, person, "say hello", "Ada", focus=task(app, greeting())))


@pytest.fixture
def creates(app: App, person: EndUser, provider: Loopback) -> DialogTest:
    """A test of a dialog that reads a project and creates an issue."""
    return record_test(talked(app, person, "create an issue", "Printer", focus=task(app, creating())))


def redraw(document: dict[str, Any]) -> None:
    replace_draft(DialogTask.objects.get(name=document["name"]), document)


def test_a_recorded_conversation_passes_as_it_is(greets: DialogTest) -> None:
    outcome = run(greets)
    assert outcome.passed, outcome.first
    greets.refresh_from_db()
    assert greets.status == "passed"
    assert greets.ran_at is not None


def test_it_is_named_after_what_was_said_first(greets: DialogTest, app: App, person: EndUser) -> None:
    assert greets.name == "say hello"
    again = record_test(talked(app, person, "say hello"))
    assert again.name == "say hello (2)"
    assert again.task is None


def test_it_expects_replies_the_waiting_node_and_the_entities(greets: DialogTest) -> None:
    first, second = greets.turns
    assert first["expect"] == {
        "replies": [{"match": "equals", "text": "What is your name?"}],
        "waits": "person",
        "values": {},
    }
    assert second["expect"]["values"] == {"entities.person": "Ada"}
    assert second["expect"]["waits"] == ""


def test_a_changed_reply_is_shown_beside_the_expected_one(greets: DialogTest) -> None:
    redraw(greeting(words="Welcome"))
    outcome = run(greets)
    assert not outcome.passed
    assert outcome.first == "Turn 2, Reply 1: expected “Nice to meet you, Ada.”, got “Welcome, Ada.”."


@pytest.mark.parametrize(
    ("reply", "passed"),
    [
        ({"match": "contains", "text": "Ada"}, True),
        ({"match": "contains", "text": "Bob"}, False),
        ({"match": "any", "text": ""}, True),
    ],
)
def test_a_reply_may_be_expected_in_part_or_not_at_all(greets: DialogTest, reply: Any, passed: bool) -> None:
    redraw(greeting(words="Welcome"))
    greets.turns[1]["expect"]["replies"] = [reply]
    assert run(greets).passed is passed


def test_a_missing_and_a_further_reply_are_differences(greets: DialogTest) -> None:
    greets.turns[0]["expect"]["replies"].append({"match": "any"})
    greets.turns[1]["expect"]["replies"] = []
    found = [row for turn in run(greets).turns for row in turn["findings"] if not row["passed"]]
    assert [(row["what"], row["got"]) for row in found] == [
        ("Reply 2", "(nothing)"),
        ("Reply 1", "Nice to meet you, Ada."),
    ]


def test_no_provider_is_called_and_its_answers_come_from_the_recording(creates: DialogTest, provider: Loopback) -> None:
    asked, calls = len(provider.requests), OperationCall.objects.count()
    assert run(creates).passed
    assert (len(provider.requests), OperationCall.objects.count()) == (asked, calls)
    assert [call["operation"] for call in creates.turns[1]["calls"]] == ["getProject", "createIssue"]


def test_what_is_sent_must_be_what_was_sent(creates: DialogTest) -> None:
    changed = creating()
    changed["nodes"][4]["properties"]["body"]["fields"]["issuetype"]["name"] = "Bug"
    redraw(changed)
    outcome = run(creates)
    assert "Sent with createIssue at createIssue" in outcome.first
    creates.turns[1]["calls"][1]["sent"] = None
    assert run(creates).passed


def test_a_call_that_was_not_recorded_fails_in_words(creates: DialogTest) -> None:
    creates.turns[1]["calls"] = creates.turns[1]["calls"][:1]
    found = [row for row in run(creates).turns[1]["findings"] if not row["passed"]]
    assert any("Call of createIssue at createIssue" in row["what"] for row in found)
    assert any("holds no answer for it" in row["got"] for row in found)


def test_a_call_that_is_no_longer_made_is_a_difference(creates: DialogTest) -> None:
    changed = creating()
    changed["transitions"][2]["target"] = "@end_of_action"
    redraw(changed)
    found = [row for row in run(creates).turns[1]["findings"] if not row["passed"]]
    assert ("Call of createIssue at createIssue", "was not called") in [(row["what"], row["got"]) for row in found]


def test_waiting_for_an_authorization_is_recorded_too(app: App, person: EndUser, provider: Loopback) -> None:
    row = task(app, creating())
    Connection.objects.update(state=Connection.State.NEEDS_AUTHORIZATION)
    test = record_test(talked(app, person, "create an issue", "Printer", focus=row))
    outcome = run(test)
    assert outcome.passed, outcome.first


def test_the_time_stands_still_at_the_recorded_one(greets: DialogTest, app: App, person: EndUser) -> None:
    document = greeting("clock")
    document["nodes"][1]["properties"] |= {"type": "date", "prompts": ["When?"]}
    test = record_test(talked(app, person, "say hello", "tomorrow", focus=task(app, document)))
    test.turns[1]["at"] = "2020-02-28T12:00:00+00:00"
    found = {row["what"]: row["got"] for row in run(test).turns[1]["findings"]}
    assert found["Value of entities.person"] == "2020-02-29"


def test_a_draft_that_cannot_run_fails_its_tests_with_the_reason(greets: DialogTest) -> None:
    broken = greeting()
    broken["nodes"][1]["properties"]["type"] = "nonsense"
    redraw(broken)
    assert "cannot run" in run(greets).error


def test_publishing_is_held_up_by_a_failing_test(greets: DialogTest) -> None:
    row = DialogTask.objects.get()
    redraw(greeting(words="Welcome"))
    with pytest.raises(FailedTests) as refused:
        publish(row)
    assert refused.value.failures[0]["name"] == "say hello"
    assert "expected “Nice to meet you, Ada.”" in refused.value.message
    assert not Version.objects.filter(number__isnull=False).exists()
    assert publish(row, despite_tests=True).number == 1


def test_tests_of_other_dialogs_do_not_hold_it_up(greets: DialogTest, app: App) -> None:
    redraw(greeting(words="Welcome"))
    other = task(app, greeting("wave"))
    assert failures_of(other) == []
    assert publish(other).number == 1


def test_a_run_makes_the_same_number_of_queries_for_one_dialog_and_for_many(
    greets: DialogTest, app: App, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6) as few:
        run_all(app, keep=False)
    for number in range(3):
        row = task(app, greeting(f"greet{number}"))
        DialogTest.objects.create(app=app, task=row, name=str(number), turns=deepcopy(greets.turns))
    with django_assert_num_queries(len(few.captured_queries)):
        assert len(run_all(app, keep=False)) == 4


def test_a_channels_conversation_keeps_no_record_and_makes_no_test(app: App, person: EndUser) -> None:
    publish(task(app, greeting()))
    answer = post_message(app, person, "say hello")
    assert Turn.objects.get().record is None
    with pytest.raises(NothingToRecord):
        record_test(Conversation.objects.get(public_id=answer.conversation))


def test_a_secret_answer_is_not_in_the_test(app: App, person: EndUser, provider: Loopback) -> None:
    provider.on_get = lambda _path: (200, {"key": "DEMO", "access_token": "s3cret-value"})
    test = record_test(talked(app, person, "create an issue", "Printer", focus=task(app, creating())))
    assert "s3cret-value" not in str(test.turns)
    assert "s3cret-value" not in str(list(Turn.objects.values("record")))


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        ({}, "say"),
        ({"say": 7}, "Turn 1, say"),
        ({"say": "x", "expect": {"replies": [{"match": "like"}]}}, "like"),
        ({"say": "x", "calls": [{"node": "a", "operation": "b"}]}, "result"),
        ({"say": "x", "calls": [{"node": "a", "operation": "b", "result": {"outcome": "fine"}}]}, "fine"),
    ],
)
def test_turns_of_another_form_are_refused_in_words(turn: Any, words: str) -> None:
    with pytest.raises(BadTest, match=words):
        check_turns([turn])


def test_the_command_tells_what_differs_and_fails(greets: DialogTest, app: App) -> None:
    told = StringIO()
    call_command("run_dialog_tests", stdout=told)
    assert "1 tests passed." in told.getvalue()
    redraw(greeting(words="Welcome"))
    with pytest.raises(CommandError, match="1 of 1 tests failed"):
        call_command("run_dialog_tests", app=app.slug, task="greet", stdout=told)
    assert "          - Nice to meet you, Ada.\n          + Welcome, Ada.\n" in told.getvalue()
    with pytest.raises(CommandError, match="no App nobody"):
        call_command("run_dialog_tests", app="nobody")


def test_a_dialog_that_is_a_part_of_another_is_tried_by_its_tests_too(
    greets: DialogTest, app: App, person: EndUser
) -> None:
    whole = document(
        "visit",
        [node("visitIntent", "intent", utterances=["visit"]), node("meet", "dialog", task="greet")],
        [arrow("visitIntent", "meet"), arrow("meet", "@end")],
    )
    visits = record_test(talked(app, person, "visit", "Ada", focus=task(app, whole)))
    assert run(visits).passed
    redraw(greeting(words="Welcome"))
    failed = failures_of(DialogTask.objects.get(name="greet"))
    assert {one["name"] for one in failed} == {"say hello", "visit"}
