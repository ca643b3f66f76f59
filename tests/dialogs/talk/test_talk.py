from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from dialogs.models import Conversation, Turn
from tests.dialogs.factories import task
from tests.dialogs.samples import document, greeting, node
from tests.factories import AppFactory, staff
from xoplatform.models import EndUser, Role

if TYPE_CHECKING:
    from xoplatform.models import App


@pytest.fixture
def url(app: App) -> str:
    task(app, greeting())
    return reverse("admin:app_talk_messages", args=[app.slug])


def say(client: Client, url: str, text: Any, **body: Any) -> Any:
    return client.post(url, {"text": text, **body}, content_type="application/json")


def test_a_developer_tries_the_draft_as_an_end_user_of_their_own(url: str, app: App, signed_in: Client) -> None:
    first = say(signed_in, url, "say hello", client_message_id="m1").json()
    assert first["replies"][0]["text"] == "What is your name?"
    assert first["state"] == "open"
    second = say(signed_in, url, "Ada", conversation=first["conversation"], client_message_id="m2").json()
    assert second["replies"][0]["text"] == "Nice to meet you, Ada."
    assert [step["node"] for step in second["trace"]["steps"]] == ["person", "answer"]
    conversation = Conversation.objects.get()
    assert (conversation.channel, conversation.draft) == ("talk", True)
    assert EndUser.objects.get(app=app) == conversation.end_user


def test_the_transcript_comes_back_after_a_reload(
    url: str, signed_in: Client, django_assert_max_num_queries: Any
) -> None:
    first = say(signed_in, url, "say hello").json()
    say(signed_in, url, "Ada", conversation=first["conversation"])
    with django_assert_max_num_queries(8):
        transcript = signed_in.get(url, {"conversation": first["conversation"]}).json()
    assert [turn["text"] for turn in transcript["turns"]] == ["say hello", "Ada"]
    assert transcript["turns"][1]["replies"][0]["text"] == "Nice to meet you, Ada."


def test_a_turn_costs_a_fixed_number_of_queries(url: str, signed_in: Client, django_assert_num_queries: Any) -> None:
    first = say(signed_in, url, "say hello").json()
    # session, user, App, role, end user; then one read and one transaction for the turn
    with django_assert_num_queries(10):
        say(signed_in, url, "Ada", conversation=first["conversation"], client_message_id="m2")


def test_beside_the_canvas_only_that_dialog_is_open(url: str, app: App, signed_in: Client) -> None:
    other = task(app, greeting("wave"))
    say(signed_in, url, "say hello", task=other.pk)
    assert Conversation.objects.get().focus == other


def test_a_message_delivered_twice_is_answered_once(url: str, signed_in: Client) -> None:
    answers = [say(signed_in, url, "say hello", client_message_id="m1").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Turn.objects.count() == 1


def test_a_five_megabyte_message_gets_a_clear_answer_and_loses_nothing(url: str, signed_in: Client) -> None:
    first = say(signed_in, url, "say hello").json()
    refused = say(signed_in, url, "x" * 5_000_000, conversation=first["conversation"])
    assert refused.status_code == 413
    assert "far more than a message may hold" in refused.json()["error"]
    refused = say(signed_in, url, "x" * 50_000, conversation=first["conversation"])
    assert refused.status_code == 413
    assert "50,000 characters" in refused.json()["error"]
    assert Turn.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"text": None},
        {"text": ["say hello"]},
        {"text": "hi", "conversation": "yesterday's"},
        {"text": "hi", "client_message_id": "x" * 101},
        {"text": "hi", "client_message_id": 7},
        {"text": "hi", "task": "greet"},
    ],
)
def test_a_message_that_cannot_be_read_is_refused_in_words(url: str, signed_in: Client, body: dict[str, Any]) -> None:
    refused = signed_in.post(url, body, content_type="application/json")
    assert refused.status_code == 400
    assert "could not be read" in refused.json()["error"]
    assert not Turn.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", "[" * 100_000])
def test_a_body_that_is_no_object_is_refused_in_words(url: str, signed_in: Client, body: str) -> None:
    refused = signed_in.post(url, body, content_type="application/json")
    assert refused.status_code == 400
    assert "JSON" in refused.json()["error"]


def test_a_dialog_of_another_app_cannot_be_tried(url: str, signed_in: Client) -> None:
    other = task(AppFactory.create(), greeting())
    assert say(signed_in, url, "say hello", task=other.pk).status_code == 404


def test_nobody_reads_or_continues_another_members_conversation(
    url: str, app: App, signed_in: Client, client: Client
) -> None:
    mine = say(signed_in, url, "say hello").json()["conversation"]
    other = Client()
    other.force_login(staff(app))
    assert say(other, url, "Ada", conversation=mine).status_code == 404
    assert other.get(url, {"conversation": mine}).status_code == 404
    assert other.get(url, {"conversation": str(uuid.uuid4())}).status_code == 404
    assert other.get(url).status_code == 400


def test_a_draft_that_cannot_run_says_why(app: App, signed_in: Client) -> None:
    row = task(app, document("lost", [node("start", "nonsense")], []))
    refused = say(signed_in, reverse("admin:app_talk_messages", args=[app.slug]), "hello", task=row.pk)
    assert refused.status_code == 400
    assert "start" in refused.json()["error"]


def test_a_viewer_may_not_talk_and_a_stranger_sees_nothing(url: str, app: App, client: Client) -> None:
    client.force_login(staff(app, Role.VIEWER))
    assert say(client, url, "say hello").status_code == 403
    client.force_login(staff(AppFactory.create()))
    assert say(client, url, "say hello").status_code == 404


def test_a_message_needs_the_csrf_token(url: str, developer: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(developer)
    assert say(strict, url, "say hello").status_code == 403


def test_the_page_mounts_the_chat_once_there_is_a_dialog(app: App, signed_in: Client) -> None:
    page = reverse("admin:app_talk", args=[app.slug])
    assert "talk-root" not in signed_in.get(page).content.decode()
    task(app, greeting())
    answer = signed_in.get(page)
    assert f'data-messages="{reverse("admin:app_talk_messages", args=[app.slug])}"' in answer.content.decode()
    assert "csrftoken" in answer.cookies
