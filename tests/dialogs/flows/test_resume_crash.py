"""A process dies while a conversation goes on by itself."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.utils import timezone

from dialogs import jobs
from dialogs.flows import resume
from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish
from dialogs.models import Conversation, Turn
from integrations.models import Connection
from tests.dialogs.factories import task
from tests.dialogs.samples import creating

if TYPE_CHECKING:
    import uuid

    from tests.dialogs.loopback import Loopback
    from xoplatform.models import App, EndUser

pytestmark = pytest.mark.django_db(transaction=True)

#: Seconds after which a test that hangs fails.
SOON = 20


@pytest.fixture
def died(app: App, person: EndUser, provider: Loopback) -> uuid.UUID:
    """A worker is killed while the provider works on the create of a conversation that had waited."""
    publish(task(app, creating()))
    Connection.objects.update(state=Connection.State.NEEDS_AUTHORIZATION)
    first = post_message(app, person, "create an issue")
    post_message(app, person, "Printer", conversation=first.conversation)
    Connection.objects.update(state=Connection.State.CONNECTED)
    arrived, child_is_gone = threading.Event(), threading.Event()

    def never(_path: str) -> tuple[int, Any]:
        arrived.set()
        child_is_gone.wait(SOON)
        return 201, {}

    provider.on_post = never
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            jobs.resume_conversation(str(first.conversation))
        finally:
            os._exit(1)
    assert arrived.wait(SOON)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    child_is_gone.set()
    Conversation.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    return first.conversation


def test_the_sweep_finishes_it_without_creating_twice(died: uuid.UUID, provider: Loopback) -> None:
    assert resume.overdue() == [died]
    for _ in range(2):
        jobs.resume_conversation(str(died))
    assert provider.posts == 1
    told = [reply["text"] for reply in Turn.objects.latest("number").replies]
    assert "its answer was lost. I did not send it again. I looked in JIRA and saw no sign" in told[0]
    assert told[1].startswith("Not sure: unknown")
    assert Turn.objects.count() == 3
    assert resume.overdue() == []
