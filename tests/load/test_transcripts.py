"""What the rows and the provider hold is judged: each kind of fault is seen, and nothing else."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.models import Conversation, Turn
from integrations.models import OperationCall
from tests.factories import AppFactory
from xoplatform.models import EndUser

from .answering import CHANNEL, name_of
from .talks import SAID, Talk
from .tracker import key_of
from .transcripts import Judgement

if TYPE_CHECKING:
    from collections.abc import Callable

    from xoplatform.models import App

pytestmark = pytest.mark.django_db


def fields_of(talk: Talk) -> dict[str, Any]:
    return {"project": {"key": talk.mark}, "summary": talk.summary}


def store(app: App, talk: Talk) -> None:
    """Rows of a conversation in which all went well."""
    talk.conversation = uuid.uuid4()
    talk.replies = [*SAID[:4], f"Done: {key_of(fields_of(talk), talk.number)} “{talk.summary}”"]
    person = EndUser.objects.create(app=app, external_id=name_of(talk.number))
    row = Conversation.objects.create(
        public_id=talk.conversation, app=app, end_user=person, channel=CHANNEL, revision=len(talk.texts)
    )
    Turn.objects.bulk_create(
        Turn(conversation=row, number=number, text=text, replies=[{"text": reply}])
        for number, (text, reply) in enumerate(zip(talk.texts, talk.replies, strict=True), 1)
    )
    OperationCall.objects.create(
        app=app, reference=str(talk.conversation), provider="jira", operation="createIssue", method="POST",
        status=OperationCall.Status.SUCCEEDED, request=fields_of(talk),
    )  # fmt: skip


@pytest.fixture
def talks() -> list[Talk]:
    app, found = AppFactory.create(), [Talk(1), Talk(2)]
    for talk in found:
        store(app, talk)
    return found


def counts(talks: list[Talk], received: list[dict[str, Any]] | None = None) -> dict[str, int]:
    judgement = Judgement(talks)
    judgement.judge([fields_of(talk) for talk in talks] if received is None else received)
    return {kind: count for kind, count in judgement.counts().items() if count}


def test_conversations_that_kept_apart_have_no_fault(talks: list[Talk]) -> None:
    assert counts(talks) == {}


def change_state(row: Conversation) -> None:
    Conversation.objects.filter(pk=row.pk).update(state={"entities": {"projectKey": Talk(2).mark}})


def change_trace(row: Conversation) -> None:
    Turn.objects.filter(conversation=row, number=3).update(trace={"said": Talk(2).summary})


def change_call(row: Conversation) -> None:
    OperationCall.objects.filter(reference=row.public_id).update(request=fields_of(Talk(2)))


def lose_turn(row: Conversation) -> None:
    Turn.objects.filter(conversation=row, number=5).delete()


def lose_end(row: Conversation) -> None:
    Conversation.objects.filter(pk=row.pk).update(revision=4, claim=uuid.uuid4())


def double_turn(row: Conversation) -> None:
    Turn.objects.create(conversation=row, number=6, text="Task")


def double_conversation(row: Conversation) -> None:
    Conversation.objects.create(app=row.app, end_user=row.end_user, channel=CHANNEL)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (change_state, "crossed"),
        (change_trace, "crossed"),
        (change_call, "crossed"),
        (lose_turn, "lost"),
        (lose_end, "lost"),
        (double_turn, "doubled"),
        (double_conversation, "doubled"),
    ],
)
def test_a_fault_in_the_rows_is_seen(talks: list[Talk], change: Callable[[Conversation], None], kind: str) -> None:
    change(Conversation.objects.get(end_user__external_id=name_of(talks[0].number)))
    assert kind in counts(talks)


def test_a_summary_sent_with_another_project_is_crossed(talks: list[Talk]) -> None:
    one, other = talks
    assert counts(talks, [{**fields_of(one), "summary": other.summary}, fields_of(other)]) == {"crossed": 1}


def test_an_issue_made_twice_is_doubled(talks: list[Talk]) -> None:
    received = [fields_of(talk) for talk in (*talks, talks[0])]
    assert "doubled" in counts(talks, received)


def test_an_issue_that_was_never_made_is_lost(talks: list[Talk]) -> None:
    assert counts(talks, [fields_of(talks[0])]) == {"lost": 1}
