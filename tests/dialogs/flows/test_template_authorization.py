"""A template that looks choices up meets a person without a grant: the link comes first, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialogs.flows.converse import post_message
from dialogs.flows.install import install
from dialogs.flows.publish import publish
from dialogs.models import Conversation
from integrations.models import Action
from tests.dialogs.flows.test_authorization import (
    atlassian,
    consent,
    queued,
    sandbox,
    sandbox_process,
    texts,
    url,
)
from tests.factories import ActionFactory

if TYPE_CHECKING:
    from tests.sandbox import Sandbox
    from xoplatform.models import App, EndUser

__all__ = ["atlassian", "queued", "sandbox", "sandbox_process"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def talk(app: App, atlassian: Sandbox, queued: list[str]) -> App:
    """An App whose people authorize for themselves, with Create an Issue as it is installed."""
    ActionFactory(app=app, enabled=True, authorization_type=Action.AuthorizationType.ALLOW_USERS)
    publish(install(app, "jira", "create-issue"))
    return app


def test_the_first_lookup_asks_for_consent_and_goes_on_with_what_was_typed(
    talk: App, person: EndUser, atlassian: Sandbox
) -> None:
    opened = post_message(talk, person, "create an issue")
    waiting = post_message(talk, person, "demo", conversation=opened.conversation)
    assert waiting.status == Conversation.Status.WAITING
    code = consent(atlassian, url(waiting))
    going_on = post_message(talk, person, code, conversation=opened.conversation)
    assert "one sentence" in texts(going_on)[-1].lower()
    for text in ("Printer on fire", "Bug"):
        done = post_message(talk, person, text, conversation=opened.conversation)
    assert "Done: DEMO-4 “Printer on fire” is created (Bug, To Do)." in texts(done)[-1]


def test_a_sentence_that_says_it_all_waits_for_consent_and_is_then_carried_out(
    talk: App, person: EndUser, atlassian: Sandbox
) -> None:
    waiting = post_message(talk, person, "create a bug in DEMO: printer on fire")
    assert waiting.status == Conversation.Status.WAITING
    code = consent(atlassian, url(waiting))
    done = post_message(talk, person, code, conversation=waiting.conversation)
    assert "Done: DEMO-4 “printer on fire” is created (Bug, To Do)." in texts(done)[-1]
