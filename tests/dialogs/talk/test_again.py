"""Recording a conversation as a test, and going back to one of its turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from dialogs.flows.author import replace_draft
from dialogs.models import Conversation, DialogTask, DialogTest, Turn
from tests.dialogs.factories import task
from tests.dialogs.samples import document, greeting, node
from tests.factories import staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from xoplatform.models import App


@pytest.fixture
def row(app: App) -> DialogTask:
    return task(app, greeting())


def post(client: Client, app: App, name: str, **body: Any) -> Any:
    return client.post(reverse(f"admin:{name}", args=[app.slug]), body, content_type="application/json")


@pytest.fixture
def talked(app: App, row: DialogTask, signed_in: Client) -> str:
    """A conversation of two turns."""
    said = post(signed_in, app, "app_talk_messages", text="say hello", task=row.pk).json()["conversation"]
    post(signed_in, app, "app_talk_messages", text="Ada", conversation=said)
    return str(said)


def test_a_conversation_becomes_a_test_in_one_request(
    talked: str, app: App, row: DialogTask, signed_in: Client
) -> None:
    made = post(signed_in, app, "app_talk_record", conversation=talked)
    assert made.status_code == 201
    test = DialogTest.objects.get()
    assert made.json() == {
        "id": test.pk,
        "name": "say hello",
        "url": reverse("admin:app_test", args=[app.slug, test.pk]),
    }
    assert (test.task, len(test.turns)) == (row, 2)


def test_a_turn_is_tried_again_with_the_draft_of_now(talked: str, app: App, row: DialogTask, signed_in: Client) -> None:
    replace_draft(row, greeting(words="Welcome"))
    back = post(signed_in, app, "app_talk_again", conversation=talked, number=2).json()
    assert back["text"] == "Ada"
    assert back["conversation"] != talked
    url = reverse("admin:app_talk_messages", args=[app.slug])
    shown = signed_in.get(url, {"conversation": back["conversation"]}).json()["turns"]
    assert [turn["text"] for turn in shown] == ["say hello"]
    answer = post(signed_in, app, "app_talk_messages", text="Bob", conversation=back["conversation"]).json()
    assert answer["replies"][0]["text"] == "Welcome, Bob."


def test_a_turn_is_also_named_by_the_id_of_its_message(app: App, row: DialogTask, signed_in: Client) -> None:
    said = post(signed_in, app, "app_talk_messages", text="say hello", task=row.pk, client_message_id="m1").json()
    back = post(signed_in, app, "app_talk_again", conversation=said["conversation"], message="m1").json()
    assert back["text"] == "say hello"
    refused = post(signed_in, app, "app_talk_again", conversation=said["conversation"], message="m9")
    assert "no turn answered that message" in refused.json()["error"]


def test_the_conversation_one_goes_back_from_stays(talked: str, app: App, signed_in: Client) -> None:
    post(signed_in, app, "app_talk_again", conversation=talked, number=1)
    assert Turn.objects.filter(conversation__public_id=talked).count() == 2
    assert Conversation.objects.count() == 2


def test_a_node_that_is_gone_cannot_be_gone_back_to(talked: str, app: App, row: DialogTask, signed_in: Client) -> None:
    replace_draft(row, document("greet", [node("start", "intent", utterances=["x"])], []))
    refused = post(signed_in, app, "app_talk_again", conversation=talked, number=2)
    assert refused.status_code == 409
    assert "no longer has the node" in refused.json()["error"]
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("number", [0, 9, -1, "2", None, True, 10**12])
def test_a_turn_that_is_none_is_refused_in_words(talked: str, app: App, signed_in: Client, number: Any) -> None:
    refused = post(signed_in, app, "app_talk_again", conversation=talked, number=number)
    assert refused.status_code in {400, 409}
    assert refused.json()["error"]


@pytest.mark.parametrize("name", ["app_talk_record", "app_talk_again"])
def test_nobody_else_records_or_repeats_it(name: str, talked: str, app: App) -> None:
    other = Client()
    other.force_login(staff(app))
    assert post(other, app, name, conversation=talked, number=1).status_code == 404
    other.force_login(staff(app, Role.VIEWER))
    assert post(other, app, name, conversation=talked, number=1).status_code == 403
    assert not DialogTest.objects.exists()


def test_recording_and_going_back_cost_a_fixed_number_of_queries(
    talked: str, app: App, signed_in: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        post(signed_in, app, "app_talk_record", conversation=talked)
    with django_assert_max_num_queries(16):
        post(signed_in, app, "app_talk_again", conversation=talked, number=2)
