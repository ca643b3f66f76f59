"""*Talk to Bot* where each person authorizes: a member tries it as an end user of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dialogs import jobs
from dialogs.models import Conversation
from integrations.models import Action, AuthorizationLink, Connection
from tests.dialogs.factories import task
from tests.dialogs.flows.test_authorization import consent
from tests.dialogs.samples import creating
from tests.factories import ActionFactory
from tests.integrations.conftest import atlassian, sandbox, sandbox_process

if TYPE_CHECKING:
    from django.test import Client

    from tests.sandbox import Sandbox
    from xoplatform.models import App

__all__ = ["atlassian", "sandbox", "sandbox_process"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def url(app: App) -> str:
    task(app, creating())
    ActionFactory(app=app, enabled=True, authorization_type=Action.AuthorizationType.ALLOW_USERS)
    return reverse("admin:app_talk_messages", args=[app.slug])


@pytest.fixture
def asked(url: str, signed_in: Client) -> dict[str, Any]:
    """The answer at the call, where the member has no grant."""
    first = say(signed_in, url, "create an issue")
    return say(signed_in, url, "Printer", conversation=first["conversation"])


def say(client: Client, url: str, text: str, **body: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.post(url, {"text": text, **body}, content_type="application/json").json()
    return answer


def test_a_member_gets_a_link_of_their_own(asked: dict[str, Any], developer: Any, atlassian: Sandbox) -> None:
    assert asked["state"] == "waiting"
    assert asked["replies"][-1]["data"]["type"] == "authorization_required"
    assert AuthorizationLink.objects.get().end_user.external_id == f"staff:{developer.pk}"


def test_the_code_typed_back_goes_on(
    url: str, signed_in: Client, asked: dict[str, Any], developer: Any, atlassian: Sandbox
) -> None:
    code = consent(atlassian, asked["replies"][-1]["data"]["url"])
    done = say(signed_in, url, code, conversation=asked["conversation"])
    assert (done["state"], done["replies"][0]["text"]) == ("open", "Created: answered DEMO-4")
    assert Connection.objects.filter(end_user__external_id=f"staff:{developer.pk}").count() == 1


def test_what_went_on_by_itself_is_there_at_the_next_look(
    url: str, signed_in: Client, asked: dict[str, Any], atlassian: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialogs.receivers.enqueue", lambda _job, public_id: jobs.resume_conversation(public_id))
    conversation = {"conversation": asked["conversation"]}
    assert signed_in.get(url, conversation).json()["state"] == "waiting"
    other = say(signed_in, url, "create an issue")
    stopped = say(signed_in, url, "Screen", conversation=other["conversation"])
    code = consent(atlassian, stopped["replies"][-1]["data"]["url"])
    say(signed_in, url, code, conversation=other["conversation"])
    looked = signed_in.get(url, conversation).json()
    assert looked["state"] == "open"
    assert [turn["text"] for turn in looked["turns"]] == ["create an issue", "Printer", ""]
    assert looked["turns"][-1]["replies"][0]["text"].startswith("Created: answered DEMO-")
    rest = signed_in.get(url, {**conversation, "after": 2}).json()["turns"]
    assert rest == looked["turns"][2:]
    assert rest[0]["number"] == 3
    assert signed_in.get(url, {**conversation, "after": "x"}).status_code == 400


def test_the_transcript_in_admin_shows_no_link_that_opens(
    asked: dict[str, Any], app: App, signed_in: Client, atlassian: Sandbox
) -> None:
    row = Conversation.objects.get()
    page = signed_in.get(reverse("admin:dialogs_conversation_change", args=[row.pk])).content.decode()
    token = asked["replies"][-1]["data"]["url"].rstrip("/").rsplit("/", 1)[1]
    assert "/authorize/" in page
    assert token not in page
