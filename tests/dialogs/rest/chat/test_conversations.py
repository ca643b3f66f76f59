"""Conversations over the API: opened, found, read, ended, forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from dialogs.flows.publish import publish
from dialogs.models import Conversation, Turn, Wait
from tests.api import ALL, assert_problem, client_of, client_with
from tests.dialogs.factories import ConversationFactory, task
from tests.dialogs.samples import greeting
from tests.dialogs.waiting import filling
from tests.factories import EndUserFactory
from xoplatform import api_keys, person_tokens
from xoplatform.models import EndUser, Scope

from .talking import Channel, texts

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

    from xoplatform.models import App


@pytest.fixture
def as_person(channel: Channel) -> Channel:
    """The same person's browser, with a token."""
    key, _value = api_keys.create(channel.app, "minting", [Scope.CHAT])
    return Channel(client_with(person_tokens.mint(key, channel.person)[0]), channel.app, channel.person)


def test_the_first_message_opens_a_conversation_and_is_answered(channel: Channel) -> None:
    answer = channel.open("say hello", channel="web", client_message_id="m-1")
    told = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"/conversations/{told['id']}/")
    assert (told["channel"], told["status"], told["last_number"]) == ("web", "open", 1)
    assert texts(told["message"]) == ["What is your name?"]


def test_a_conversation_can_be_opened_without_a_word(channel: Channel) -> None:
    told = channel.open().json()
    assert (told["message"], told["last_number"]) == (None, 0)
    assert texts(channel.say(told["id"], "say hello").json()) == ["What is your name?"]


def test_a_person_who_was_not_known_is_added(channel: Channel) -> None:
    body = {"end_user": {"external_id": "visitor-17", "name": "Ada"}, "text": "say hello"}
    told = channel.api.post(channel.all, body).json()
    person = EndUser.objects.get(app=channel.app, external_id="visitor-17")
    assert (told["end_user_id"], told["external_id"], person.name) == (person.pk, "visitor-17", "Ada")


def test_it_must_be_said_who_it_is(channel: Channel) -> None:
    assert_problem(channel.api.post(channel.all, {"text": "hi"}), 400, "invalid", "/end_user")


def test_a_person_of_another_app_is_unknown(channel: Channel) -> None:
    stranger = EndUserFactory()
    assert_problem(channel.open(end_user_id=stranger.pk), 404, "not_found")


def test_a_first_message_that_is_delivered_twice_opens_one_conversation(channel: Channel) -> None:
    first, again = (channel.open("say hello", client_message_id="m-1") for _ in range(2))
    assert again.json()["id"] == first.json()["id"]
    assert again.status_code == 200
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Turn.objects.count() == 1


def test_drafts_need_the_scope_of_those_who_write_them(channel: Channel) -> None:
    assert_problem(channel.open("say hello", draft=True), 403, "not_allowed")


def test_one_draft_can_be_tried_alone(app: App, person: EndUser) -> None:
    greet = task(app, greeting(words="Ahoy"))
    api = Channel(client_of(app, ALL), app, person)
    told = api.open("say hello", draft=True, task=greet.pk).json()
    assert (told["draft"], told["task"]) == (True, greet.pk)
    assert texts(api.say(told["id"], "Ada").json()) == ["Ahoy, Ada."]


def test_a_draft_of_another_app_is_unknown(app: App, person: EndUser) -> None:
    foreign = task(EndUserFactory().app, greeting())
    api = Channel(client_of(app, ALL), app, person)
    assert_problem(api.open("say hello", draft=True, task=foreign.pk), 404, "unknown_task")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"text": "x" * 10_001}, "/text"),
        ({"text": 5}, "/text"),
        ({"channel": "a b"}, "/channel"),
        ({"task": 1}, "/task"),
        ({"client_message_id": "a b"}, "/client_message_id"),
        ({"client_message_id": ".."}, "/client_message_id"),
        ({"end_user": {"external_id": "a", "email": "nobody"}}, "/end_user/email"),
        ({"attachments": [{"name": "x"}] * 11}, "/attachments"),
    ],
)
def test_what_cannot_be_used_is_named(body: dict[str, Any], pointer: str, channel: Channel) -> None:
    assert_problem(channel.api.post(channel.all, {"end_user_id": channel.person.pk, **body}), 400, "invalid", pointer)
    assert not Conversation.objects.exists()


# --- Found again ------------------------------------------------------------------------------


def test_conversations_are_listed_the_newest_first(channel: Channel) -> None:
    ids = [channel.opened() for _ in range(3)]
    assert [one["id"] for one in channel.api.get(channel.all).json()["items"]] == ids[::-1]


def test_conversations_of_other_apps_are_not_listed(channel: Channel) -> None:
    ConversationFactory()
    assert channel.api.get(channel.all).json()["items"] == []


def test_they_are_found_by_what_they_are(channel: Channel) -> None:
    other = EndUserFactory(app=channel.app)
    mine = channel.opened(channel="web")
    theirs = channel.opened(channel="sms", end_user_id=other.pk)
    Conversation.objects.filter(public_id=mine).update(updated_at=timezone.now() - timedelta(days=2))
    since = (timezone.now() - timedelta(days=1)).isoformat()
    found = {
        query: [one["id"] for one in channel.api.get(channel.all, params).json()["items"]]
        for query, params in {
            "person": {"end_user_id": other.pk},
            "external": {"external_id": channel.person.external_id},
            "channel": {"channel": "web"},
            "status": {"status": "ended"},
            "since": {"updated_since": since},
            "order": {"ordering": "updated_at"},
        }.items()
    }
    assert found == {
        "person": [theirs],
        "external": [mine],
        "channel": [mine],
        "status": [],
        "since": [theirs],
        "order": [mine, theirs],
    }


@pytest.mark.parametrize(
    "query", [{"status": "asleep"}, {"ordering": "name"}, {"updated_since": "yesterday"}, {"end_user_id": "x"}]
)
def test_a_filter_that_means_nothing_is_refused(query: dict[str, str], channel: Channel) -> None:
    assert_problem(channel.api.get(channel.all, query), 400, "invalid", f"/{next(iter(query))}")


@pytest.mark.parametrize("count", [2, 12])
def test_a_list_costs_the_same_however_long_it_is(
    count: int, channel: Channel, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        ConversationFactory(end_user=EndUserFactory(app=channel.app))
    channel.api.get(channel.all)
    with django_assert_num_queries(2):
        assert len(channel.api.get(channel.all).json()["items"]) == count


def test_a_conversation_of_another_app_is_unknown(channel: Channel) -> None:
    foreign = ConversationFactory()
    for answer in (
        channel.api.get(channel.at(foreign.public_id)),
        channel.api.delete(channel.at(foreign.public_id)),
        channel.api.post(channel.at(foreign.public_id, "end")),
        channel.api.get(channel.at(foreign.public_id, "messages")),
        channel.say(str(foreign.public_id), "say hello"),
    ):
        assert_problem(answer, 404, "unknown_conversation")


# --- Ended and forgotten ----------------------------------------------------------------------


def test_an_ended_conversation_takes_no_further_message(channel: Channel) -> None:
    conversation = channel.opened("say hello")
    assert channel.api.post(channel.at(conversation, "end")).json()["status"] == "ended"
    assert_problem(channel.say(conversation, "Ada"), 409, "conversation_ended")
    assert channel.api.post(channel.at(conversation, "end")).status_code == 200


def test_what_an_ended_conversation_waited_for_waits_no_more(channel: Channel) -> None:
    publish(task(channel.app, filling()))
    conversation = channel.opened("report it")
    assert channel.api.get(channel.at(conversation)).json()["status"] == "awaiting"
    channel.api.post(channel.at(conversation, "end"))
    assert Wait.objects.get().status == Wait.Status.ENDED


def test_a_forgotten_conversation_is_gone(channel: Channel) -> None:
    conversation = channel.opened("say hello")
    assert channel.api.delete(channel.at(conversation)).status_code == 204
    assert not Turn.objects.exists()


def test_a_conversation_that_went_on_is_not_forgotten_unseen(channel: Channel) -> None:
    conversation = channel.opened("say hello")
    seen = channel.api.get(channel.at(conversation)).headers["ETag"]
    channel.say(conversation, "Ada")
    answer = channel.api.delete(channel.at(conversation), headers={"If-Match": seen})
    assert_problem(answer, 412, "changed_meanwhile")
    assert Conversation.objects.exists()


# --- Whose they are ---------------------------------------------------------------------------


def test_a_person_sees_and_continues_their_own(channel: Channel, as_person: Channel) -> None:
    conversation = channel.opened("say hello")
    assert [one["id"] for one in as_person.api.get(as_person.all).json()["items"]] == [conversation]
    assert texts(as_person.say(conversation, "Ada").json()) == ["Nice to meet you, Ada."]
    assert as_person.api.post(as_person.all, {"text": "say hello"}).status_code == 201


def test_a_person_sees_nothing_of_others(channel: Channel, as_person: Channel) -> None:
    other = channel.opened("say hello", end_user_id=EndUserFactory(app=channel.app).pk)
    assert as_person.api.get(as_person.all).json()["items"] == []
    for answer in (
        as_person.api.get(as_person.at(other)),
        as_person.api.get(as_person.at(other, "messages")),
        as_person.say(other, "Ada"),
        as_person.api.post(as_person.at(other, "end")),
    ):
        assert_problem(answer, 404, "unknown_conversation")


def test_a_person_talks_for_nobody_else(as_person: Channel) -> None:
    other = EndUserFactory(app=as_person.app)
    assert_problem(as_person.open("say hello", end_user_id=other.pk), 403, "not_allowed")
    said = {"text": "say hello", "end_user": {"external_id": "x"}}
    assert_problem(as_person.api.post(as_person.all, said), 403, "not_allowed")
    assert_problem(as_person.open("say hello", draft=True), 403, "not_allowed")


def test_a_person_forgets_nothing(channel: Channel, as_person: Channel) -> None:
    conversation = channel.opened("say hello")
    assert_problem(as_person.api.delete(as_person.at(conversation)), 403, "not_allowed")


def test_staff_read_conversations_and_talk_in_their_own(
    channel: Channel, signed_in: Client, developer: Any, client: APIClient
) -> None:
    theirs = channel.opened("say hello")
    assert signed_in.get(channel.at(theirs, "messages")).json()["items"][0]["text"] == "say hello"
    said = signed_in.post(channel.at(theirs, "messages"), {"text": "Ada"}, content_type="application/json")
    assert_problem(said, 403, "not_allowed")
    mine = signed_in.post(channel.all, {"text": "say hello"}, content_type="application/json")
    assert (mine.status_code, mine.json()["external_id"]) == (201, f"staff:{developer.pk}")


def test_a_key_that_reads_says_nothing(channel: Channel) -> None:
    conversation = channel.opened("say hello")
    reader = Channel(client_of(channel.app, [Scope.READ], "reader"), channel.app, channel.person)
    assert reader.api.get(reader.at(conversation)).status_code == 200
    assert_problem(reader.say(conversation, "Ada"), 403, "not_allowed")
