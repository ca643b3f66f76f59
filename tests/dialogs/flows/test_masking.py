"""What of a sensitive value is kept where people read: nothing but what its entity allows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish
from dialogs.models import Turn
from integrations.api import CallRecord
from tests.dialogs.factories import task
from tests.dialogs.samples import arrow, creating, document, node

if TYPE_CHECKING:
    from tests.dialogs.loopback import Loopback
    from xoplatform.models import App, EndUser

CARD = "4111-2222-3333-4444"
MASKED = "****-****-****-4444"


def paying(app: App, **masking: Any) -> None:
    card = {"prompts": ["Card?"], "pattern": "[0-9-]+", "sensitive": True, **masking}
    nodes = [
        node("pay", "intent", utterances=["pay"]),
        node("card", "entity", **card),
        node(
            "copied",
            "logic",
            assignments=[{"key": "session.BotUserSession.last", "value": "{{context.entities.card}}"}],
        ),
        node("told", "message", texts=["I use {{context.entities.card}}."]),
    ]
    arrows = [arrow("pay", "card"), arrow("card", "copied"), arrow("copied", "told"), arrow("told", "@end")]
    publish(task(app, document("pay", nodes, arrows)))


def kept() -> str:
    return json.dumps(list(Turn.objects.values("text", "replies", "trace")))


@pytest.mark.parametrize(
    ("masking", "text", "reply"),
    [
        ({}, "•••", "I use •••."),
        ({"mask_mode": "replace", "mask_text": "(card)"}, "(card)", "I use (card)."),
        ({"mask_pattern": "[0-9-]{19}", "mask_mode": "mask"}, f"it is {MASKED}", "I use ***************4444."),
        ({"mask_pattern": "[0-9-]{19}"}, "it is •••", "I use •••."),
    ],
)
def test_the_person_reads_the_value_and_nobody_else_does(
    app: App, person: EndUser, masking: dict[str, Any], text: str, reply: str
) -> None:
    paying(app, **masking)
    first = post_message(app, person, "pay")
    answer = post_message(app, person, f"it is {CARD}", conversation=first.conversation)
    assert answer.replies[0]["text"] == f"I use {CARD}."
    assert CARD not in kept()
    assert CARD not in json.dumps(answer.trace)
    last = Turn.objects.order_by("-number").first()
    assert last is not None
    assert (last.text, last.replies[0]["text"]) == (text, reply)


def test_a_value_in_the_first_sentence_is_masked_there(app: App, person: EndUser) -> None:
    paying(app, mask_pattern="[0-9-]{19}")
    post_message(app, person, f"pay with {CARD}")
    assert CARD not in kept()
    assert Turn.objects.get().text == "pay with •••"


def test_a_pattern_that_never_ends_hides_the_whole_message(app: App, person: EndUser) -> None:
    paying(app, mask_pattern="(-?[0-9-]+)+x")
    post_message(app, person, f"pay with {CARD}")
    assert CARD not in kept()


def test_a_call_is_recorded_without_the_value_that_it_sent(app: App, person: EndUser, provider: Loopback) -> None:
    secret = "the blue door is open"
    draft = creating()
    next(each for each in draft["nodes"] if each["name"] == "summary")["properties"]["sensitive"] = True
    publish(task(app, draft))
    first = post_message(app, person, "create an issue")
    post_message(app, person, secret, conversation=first.conversation)
    assert [body["fields"]["summary"] for method, _, body in provider.requests if method == "POST"] == [secret]
    calls = list(CallRecord.objects.values("request", "response", "path", "error"))
    assert len(calls) == 2
    assert secret not in json.dumps(calls) + kept()
