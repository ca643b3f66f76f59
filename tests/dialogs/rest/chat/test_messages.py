"""Messages over the API: answered once, read again page by page, and what readers get to see."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from dialogs.flows.publish import publish
from dialogs.models import Conversation, Turn
from tests.api import assert_problem, client_of
from tests.dialogs.factories import ConversationFactory, TurnFactory, task
from tests.dialogs.samples import arrow, document, node
from tests.dialogs.waiting import filling
from xoplatform.models import Scope

from .talking import Channel

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries


def test_a_message_is_answered(channel: Channel) -> None:
    conversation = channel.opened("say hello")
    told = channel.say(conversation, "Ada", client_message_id="m-2").json()
    assert told == {
        "state": "answered",
        "conversation": conversation,
        "conversation_status": "open",
        "client_message_id": "m-2",
        "number": 2,
        "replies": [
            {
                "kind": "text",
                "text": "Nice to meet you, Ada.",
                "quick_replies": [],
                "buttons": [],
                "data": None,
                "authorization_required": None,
                "form": None,
                "agent": None,
            }
        ],
        "error": None,
    }


def test_a_message_that_is_delivered_twice_is_answered_once(channel: Channel) -> None:
    conversation = channel.opened("say hello")
    first, again = (channel.say(conversation, "Ada", client_message_id="m-2") for _ in range(2))
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Turn.objects.count() == 2


def test_an_empty_message_is_refused(channel: Channel) -> None:
    assert_problem(channel.say(channel.opened(), "  "), 400, "invalid", "/text")


def test_cards_buttons_and_quick_replies_come_as_such(channel: Channel) -> None:
    shown: dict[str, Any] = {
        "texts": ["Look:"],
        "quick_replies": [{"title": "More", "value": "more"}],
        "buttons": [{"title": "Open", "url": "https://shop.example/1"}],
        "data": {"type": "card", "title": "A card"},
    }
    cards = document(
        "cards",
        [node("start", "intent", utterances=["show cards"]), node("card", "message", **shown)],
        [arrow("start", "card"), arrow("card", "@end")],
    )
    publish(task(channel.app, cards))
    (reply,) = channel.open("show cards").json()["message"]["replies"]
    assert (reply["kind"], reply["text"]) == ("text", "Look:")
    assert reply["quick_replies"] == [{"title": "More", "value": "more"}]
    assert reply["buttons"] == [{"title": "Open", "url": "https://shop.example/1"}]
    assert reply["data"] == {"type": "card", "title": "A card"}


# --- Read again -------------------------------------------------------------------------------


@pytest.fixture
def long_talk(channel: Channel) -> str:
    """A conversation of five turns."""
    conversation = Conversation.objects.get(public_id=channel.opened())
    for number in range(1, 6):
        TurnFactory(conversation=conversation, number=number, text=f"text {number}")
    return str(conversation.public_id)


def numbers(answer: Any) -> list[int]:
    return [one["number"] for one in answer.json()["items"]]


def test_the_last_page_is_read_first(long_talk: str, channel: Channel) -> None:
    answer = channel.api.get(channel.at(long_talk, "messages"), {"limit": 2})
    assert numbers(answer) == [4, 5]
    assert answer.json()["next"] is None


def test_pages_lead_back_and_forth(long_talk: str, channel: Channel) -> None:
    last = channel.api.get(channel.at(long_talk, "messages"), {"limit": 2})
    before = channel.api.get(last.json()["previous"])
    first = channel.api.get(before.json()["previous"])
    assert [numbers(before), numbers(first), first.json()["previous"]] == [[2, 3], [1], None]
    assert numbers(channel.api.get(first.json()["next"])) == [2, 3]


def test_who_polls_gets_what_came_since(long_talk: str, channel: Channel) -> None:
    page = channel.api.get(channel.at(long_talk, "messages"), {"after": 3, "limit": 1})
    rest = channel.api.get(page.json()["next"])
    assert [numbers(page), numbers(rest), rest.json()["next"]] == [[4], [5], None]
    assert numbers(channel.api.get(channel.at(long_talk, "messages"), {"after": 5})) == []


@pytest.mark.parametrize("query", [{"after": "x"}, {"before": "0"}, {"limit": "201"}, {"after": str(2**31)}])
def test_a_page_that_cannot_be_is_refused(query: dict[str, str], long_talk: str, channel: Channel) -> None:
    answer = channel.api.get(channel.at(long_talk, "messages"), query)
    assert_problem(answer, 400, "invalid", f"/{next(iter(query))}")


@pytest.mark.parametrize("count", [2, 12])
def test_a_page_costs_the_same_however_long_it_is(
    count: int, channel: Channel, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    conversation = ConversationFactory(end_user=channel.person)
    for number in range(1, count + 1):
        TurnFactory(conversation=conversation, number=number)
    channel.api.get(channel.at(conversation.public_id, "messages"))
    with django_assert_num_queries(3):
        assert len(numbers(channel.api.get(channel.at(conversation.public_id, "messages")))) == count


# --- Addresses that are one person's alone ----------------------------------------------------


def form_of(item: dict[str, Any]) -> tuple[str | None, str]:
    (reply,) = item["replies"]
    assert reply["kind"] == "form"
    return reply["form"]["url"], reply["text"]


@pytest.fixture
def with_form(channel: Channel) -> tuple[str, str]:
    """A conversation that waits for a form, and the form's address."""
    publish(task(channel.app, filling()))
    told = channel.open("report it").json()
    url, _text = form_of(told["message"])
    assert url is not None
    return told["id"], url


def read(channel: Channel, conversation: str) -> tuple[str | None, str]:
    return form_of(channel.api.get(channel.at(conversation, "messages")).json()["items"][0])


def test_an_address_is_told_again_while_it_can_be_used(with_form: tuple[str, str], channel: Channel) -> None:
    url, text = read(channel, with_form[0])
    assert url == with_form[1]
    assert with_form[1] in text


def test_an_address_that_ran_out_is_told_no_more(with_form: tuple[str, str], channel: Channel) -> None:
    turn = Turn.objects.get()
    turn.replies[0]["data"]["expires_at"] = (timezone.now() - timedelta(seconds=1)).isoformat()
    turn.save()
    url, text = read(channel, with_form[0])
    assert url is None
    assert with_form[1] not in text


def test_who_only_reads_is_told_no_address(with_form: tuple[str, str], channel: Channel) -> None:
    reader = Channel(client_of(channel.app, [Scope.READ], "reader"), channel.app, channel.person)
    answer = reader.api.get(reader.at(with_form[0], "messages"))
    assert with_form[1] not in answer.content.decode()
    assert read(reader, with_form[0])[0] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"text": 5}, "/text"),
        ({"text": "x" * 10_001}, "/text"),
        ({"text": "hi", "client_message_id": "a b"}, "/client_message_id"),
        ({"text": "hi", "client_message_id": "."}, "/client_message_id"),
        ({"text": "hi", "person_signed_in": "yes"}, "/person_signed_in"),
        ({}, "/text"),
    ],
)
def test_what_cannot_be_used_of_a_message_is_named(body: dict[str, Any], pointer: str, channel: Channel) -> None:
    answer = channel.api.post(channel.at(channel.opened(), "messages"), body)
    assert_problem(answer, 400, "invalid", pointer)


def test_a_turn_costs_six_statements_with_the_key(
    channel: Channel, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    conversation = channel.opened("say hello")
    with django_assert_num_queries(6):  # the key, the conversation, a savepoint and its release around two writes
        channel.say(conversation, "Ada")
