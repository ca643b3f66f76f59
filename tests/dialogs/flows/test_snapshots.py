from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from dialogs.flows.author import replace_draft
from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish, snapshot
from dialogs.flows.snapshots import prune_snapshots
from dialogs.models import DialogTask, Version
from tests.dialogs.factories import task
from tests.dialogs.samples import greeting

if TYPE_CHECKING:
    from xoplatform.models import App, EndUser


@pytest.fixture
def row(app: App) -> DialogTask:
    return task(app, greeting())


def edited(row: DialogTask, words: str) -> DialogTask:
    replace_draft(row, greeting(words=words))
    return DialogTask.objects.get(pk=row.pk)


def age() -> None:
    Version.objects.update(created_at=timezone.now() - timedelta(days=2))


def test_a_snapshot_of_an_older_draft_is_deleted(row: DialogTask) -> None:
    old = snapshot(row)
    current = snapshot(edited(row, "Welcome"))
    age()
    assert prune_snapshots() == 1
    assert not Version.objects.filter(pk=old.pk).exists()
    assert Version.objects.filter(pk=current.pk).exists()


def test_a_snapshot_of_today_stays(row: DialogTask) -> None:
    snapshot(row)
    snapshot(edited(row, "Welcome"))
    assert prune_snapshots() == 0


def test_a_snapshot_that_a_conversation_is_in_stays_and_goes_on(row: DialogTask, app: App, person: EndUser) -> None:
    first = post_message(app, person, "say hello", draft=True)
    edited(row, "Welcome")
    age()
    assert prune_snapshots() == 0
    answer = post_message(app, person, "Ada", conversation=first.conversation, draft=True)
    assert answer.replies[0]["text"] == "Nice to meet you, Ada."
    assert prune_snapshots() == 1


def test_published_versions_stay(row: DialogTask) -> None:
    publish(row)
    publish(edited(row, "Welcome"))
    age()
    assert prune_snapshots() == 0
    assert Version.objects.count() == 2
