from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dialogs.models import Conversation, Transition, Turn, Version
from tests.dialogs.factories import ConversationFactory, TurnFactory, task
from tests.dialogs.samples import greeting

if TYPE_CHECKING:
    from xoplatform.models import App


def refuse(model: type, **values: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**values)  # type: ignore[attr-defined]  # any model


def test_a_version_number_is_used_once_per_task(app: App) -> None:
    row = task(app, greeting())
    Version.objects.create(task=row, number=1, document={}, digest="a")
    refuse(Version, task=row, number=1, document={}, digest="b")
    Version.objects.create(task=task(app, greeting("wave")), number=1, document={}, digest="a")


def test_a_draft_has_one_snapshot_per_content_beside_its_versions(app: App) -> None:
    row = task(app, greeting())
    Version.objects.create(task=row, document={}, digest="a")
    refuse(Version, task=row, document={}, digest="a")
    Version.objects.create(task=row, number=1, document={}, digest="a")


def test_a_transition_cannot_lead_to_a_node_and_to_the_end_at_once(app: App) -> None:
    row = task(app, greeting())
    first, second = row.nodes.all()[:2]
    refuse(Transition, task=row, source=first, target=second, special="@end")


@pytest.mark.django_db
def test_a_conversation_keeps_one_turn_per_message_and_any_number_without_one() -> None:
    conversation = ConversationFactory.create()
    TurnFactory.create(conversation=conversation, number=1, client_message_id="m1")
    refuse(Turn, conversation=conversation, number=2, client_message_id="m1")
    refuse(Turn, conversation=conversation, number=1, client_message_id="m2")
    for number in (2, 3):
        TurnFactory.create(conversation=conversation, number=number)


def test_a_claim_runs_out_with_its_time() -> None:
    assert not Conversation().claim_ran_out
    assert not Conversation(claimed_until=timezone.now() + timedelta(seconds=5)).claim_ran_out
    assert Conversation(claimed_until=timezone.now() - timedelta(seconds=5)).claim_ran_out


def test_deleting_a_task_takes_its_rows_and_versions_along_and_leaves_conversations(app: App) -> None:
    row = task(app, greeting())
    row.published = Version.objects.create(task=row, number=1, document={}, digest="a")
    row.save()
    conversation = ConversationFactory.create(end_user__app=app, focus=row)
    row.delete()
    conversation.refresh_from_db()
    assert conversation.focus is None
    assert not Version.objects.exists()
