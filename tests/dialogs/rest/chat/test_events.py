"""Following a conversation by server-sent events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.flows import following
from dialogs.flows.conversations import find
from tests.api import assert_problem, client_with
from tests.dialogs.factories import ConversationFactory
from xoplatform import api_keys, person_tokens
from xoplatform.models import ApiKey, Scope

from .talking import Channel, streamed, texts

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(autouse=True)
def _one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream ends after its first look."""
    monkeypatch.setattr(following, "LIFE", 0.0)


def read(channel: Channel, conversation: str, headers: Any = None, **query: Any) -> list[tuple[str, str, Any]]:
    """The events of a stream: name, id and data."""
    answer = channel.api.get(channel.at(conversation, "events"), query, headers=headers)
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    found = []
    for block in b"".join(streamed(answer)).decode().strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if "event" in fields:
            found.append((fields["event"], fields.get("id", ""), json.loads(fields["data"])))
    return found


def test_what_came_since_is_told_with_its_number(channel: Channel) -> None:
    conversation = channel.opened("say hello")
    channel.say(conversation, "Ada")
    turn, status = read(channel, conversation, {"Last-Event-ID": "1"})
    assert (turn[0], turn[1], turn[2]["text"], texts(turn[2])) == ("turn", "2", "Ada", ["Nice to meet you, Ada."])
    assert status == ("status", "", {"status": "open"})


def test_where_no_header_can_be_sent_the_number_is_in_the_address(channel: Channel) -> None:
    conversation = channel.opened("say hello")
    assert [event[1] for event in read(channel, conversation, after=0)] == ["1", ""]


def test_without_a_number_only_what_comes_is_told(channel: Channel) -> None:
    assert [event[0] for event in read(channel, channel.opened("say hello"))] == ["status"]


@pytest.mark.parametrize("number", ["x", "-1", "1" * 10, "²"])
def test_a_number_that_is_none_is_refused(number: str, channel: Channel) -> None:
    answer = channel.api.get(channel.at(channel.opened(), "events"), {"after": number})
    assert_problem(answer, 400, "invalid", "/after")


def test_too_many_are_told_to_come_later(channel: Channel, settings: Any) -> None:
    settings.XO_EVENT_STREAMS = 1
    place = channel.at(channel.opened(), "events")
    held = channel.api.get(place)
    refused = channel.api.get(place)
    assert_problem(refused, 503, "too_many_followers")
    assert refused.headers["Retry-After"] == "10"
    list(streamed(held))
    again = channel.api.get(place)
    assert again.status_code == 200
    list(streamed(again))


def test_a_stream_that_ended_gives_its_place_back(channel: Channel, settings: Any) -> None:
    settings.XO_EVENT_STREAMS = 1
    conversation = channel.opened()
    before = following.places.taken
    for _ in range(3):
        read(channel, conversation)
    assert following.places.taken == before


def test_a_person_follows_their_own_alone(channel: Channel) -> None:
    key, _value = api_keys.create(channel.app, "minting", [Scope.CHAT])
    browser = Channel(client_with(person_tokens.mint(key, channel.person)[0]), channel.app, channel.person)
    assert read(browser, channel.opened("say hello"), after=0)[0][0] == "turn"
    other = ConversationFactory(app=channel.app)
    assert_problem(browser.api.get(browser.at(other.public_id, "events")), 404, "unknown_conversation")


class Looks:
    """Lets a stream look so often, and has something happen in between."""

    def __init__(self, count: int, happens: Callable[[int], object] = lambda _look: None) -> None:
        self.left, self._happens, self.passed = count, happens, 0.0

    def goes_on(self) -> bool:
        self.left -= 1
        return self.left > 0

    def pause(self, seconds: float) -> None:
        self.passed += seconds
        self._happens(self.left)


def followed(
    channel: Channel, conversation: str, looks: Looks, may_go_on: Callable[[], bool] = lambda: True
) -> list[Any]:
    row = find(channel.app, conversation)  # type: ignore[arg-type]  # a text does as well
    return list(following.follow(row, None, may_go_on, looks.goes_on, looks.pause))


def test_turns_come_as_they_are_stored(channel: Channel) -> None:
    conversation = channel.opened("say hello")
    looks = Looks(3, lambda left: channel.say(conversation, "Ada") if left == 2 else None)
    status, turn = followed(channel, conversation, looks)
    assert (status, turn.number, turn.text) == ("open", 2, "Ada")


def test_the_end_of_a_conversation_is_told(channel: Channel) -> None:
    conversation = channel.opened("say hello")
    looks = Looks(3, lambda left: channel.api.post(channel.at(conversation, "end")) if left == 2 else None)
    assert followed(channel, conversation, looks) == ["open", "ended"]


def test_a_forgotten_conversation_ends_the_stream(channel: Channel) -> None:
    conversation = channel.opened("say hello")
    looks = Looks(100, lambda _left: channel.api.delete(channel.at(conversation)))
    assert followed(channel, conversation, looks) == ["open"]


def test_signs_of_life_come_while_nothing_happens(channel: Channel) -> None:
    looks = Looks(64)
    assert followed(channel, channel.opened(), looks) == ["open", None, None]
    assert looks.passed == 63 * following.LOOK


def test_a_key_that_was_revoked_ends_its_streams(channel: Channel) -> None:
    def is_active() -> bool:
        return ApiKey.objects.get().is_active

    looks = Looks(200, lambda left: api_keys.revoke(ApiKey.objects.get()) if left == 190 else None)
    assert followed(channel, channel.opened(), looks, is_active) == ["open"]
