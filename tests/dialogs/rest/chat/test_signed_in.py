"""Whether a link to authorize asks for a code: not where the channel, or the site, has signed the person in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.flows.publish import publish
from integrations.models import Action
from tests.api import client_with
from tests.dialogs.factories import task
from tests.dialogs.samples import creating
from tests.factories import ActionFactory
from tests.integrations.conftest import atlassian, sandbox, sandbox_process
from xoplatform import api_keys, person_tokens
from xoplatform.models import Scope

from .talking import Channel

if TYPE_CHECKING:
    from tests.sandbox import Sandbox
    from xoplatform.models import App, EndUser

__all__ = ["atlassian", "sandbox", "sandbox_process"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_token_of_a_signed_in_person_needs_no_code(
    signed_in: bool, app: App, person: EndUser, atlassian: Sandbox
) -> None:
    publish(task(app, creating()))
    ActionFactory(app=app, enabled=True, authorization_type=Action.AuthorizationType.ALLOW_USERS)
    key = api_keys.create(app, "website", [Scope.CHAT])[0]
    token = person_tokens.mint(key, person, signed_in=signed_in)[0]
    channel = Channel(client_with(token), app, person)
    conversation = channel.opened("create an issue")
    reply: dict[str, Any] = channel.say(conversation, "Printer").json()["replies"][-1]
    assert reply["authorization_required"]["code_needed"] is not signed_in
