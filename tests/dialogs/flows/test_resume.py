from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs import jobs
from dialogs.flows import resume
from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish
from dialogs.models import Conversation, Turn
from integrations import signals
from integrations.models import Connection
from tests.dialogs.factories import task
from tests.dialogs.samples import creating
from tests.factories import EndUserFactory

if TYPE_CHECKING:
    import uuid

    from dialogs.flows.perform import Answer
    from tests.dialogs.loopback import Loopback
    from xoplatform.models import App, EndUser


def texts(answer: Answer | None) -> list[str]:
    return [reply["text"] for reply in answer.replies] if answer else []


@pytest.fixture
def waiting(app: App, person: EndUser, provider: Loopback) -> uuid.UUID:
    """A conversation that came to a call while the grant was lost."""
    publish(task(app, creating()))
    Connection.objects.update(state=Connection.State.NEEDS_AUTHORIZATION)
    first = post_message(app, person, "create an issue")
    stopped = post_message(app, person, "Printer", conversation=first.conversation)
    assert stopped.status == Conversation.Status.WAITING
    return first.conversation


def mend() -> None:
    Connection.objects.update(state=Connection.State.CONNECTED)


def test_it_goes_on_from_the_node_that_waited(waiting: uuid.UUID, provider: Loopback) -> None:
    mend()
    assert texts(resume.resume_conversation(waiting)) == ["Created: answered DEMO-1"]
    assert provider.posts == 1
    last = Turn.objects.latest("number")
    assert (last.text, last.client_message_id) == ("", None)
    assert Conversation.objects.get().status == Conversation.Status.OPEN


def test_a_conversation_that_waits_no_more_is_left_alone(waiting: uuid.UUID) -> None:
    mend()
    resume.resume_conversation(waiting)
    assert resume.resume_conversation(waiting) is None
    assert Turn.objects.count() == 3


def test_a_persons_authorization_sets_going_that_persons_conversations_only(
    app: App, person: EndUser, waiting: uuid.UUID
) -> None:
    assert resume.waiting_for(app.pk, person.pk) == [waiting]
    assert resume.waiting_for(app.pk, EndUserFactory.create(app=app).pk) == []
    assert resume.waiting_for(app.pk, None) == [waiting]


def test_the_signal_of_an_authorization_queues_what_waits(
    app: App, waiting: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[Any] = []
    monkeypatch.setattr("dialogs.receivers.enqueue", lambda job, **arguments: queued.append((job, arguments)))
    signals.connection_authorized.send(sender=Connection, connection_id=1, action_id=1, app_id=app.pk, end_user_id=None)
    assert queued == [("resume_conversation", {"public_id": str(waiting)})]


def test_the_job_goes_on_with_it(waiting: uuid.UUID, provider: Loopback) -> None:
    mend()
    jobs.resume_conversation(str(waiting))
    assert provider.posts == 1
