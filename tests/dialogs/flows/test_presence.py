from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dialogs import jobs
from dialogs.flows import edit_log, presence
from dialogs.flows.edit import Sent, edit
from dialogs.models import DraftEdit, Presence
from tests.dialogs.factories import task
from tests.dialogs.samples import greeting

if TYPE_CHECKING:
    from xoplatform.models import App

TAB = uuid.uuid4()


def test_a_tab_has_one_row_however_often_it_says_that_it_is_there(app: App, developer: Any) -> None:
    row = task(app, greeting())
    presence.here(row, developer, TAB, "person")
    presence.here(row, developer, TAB, "answer")
    assert [entry["node"] for entry in presence.others(row, None)] == ["answer"]
    assert presence.others(row, TAB) == []


def test_the_daily_job_forgets_old_edits_and_closed_tabs(app: App, developer: Any) -> None:
    row = task(app, greeting())
    for number in range(2):
        edit(row, Sent([{"op": "set_node", "name": "person", "title": f"Name {number}"}]), developer)
        presence.here(row, developer, uuid.uuid4())
    DraftEdit.objects.filter(revision=2).update(created_at=timezone.now() - edit_log.KEPT - timedelta(minutes=1))
    Presence.objects.filter(pk=Presence.objects.earliest("pk").pk).update(seen_at=timezone.now() - timedelta(hours=2))
    assert jobs.prune_edits() == 1
    assert [entry.revision for entry in DraftEdit.objects.all()] == [3]
    assert Presence.objects.count() == 1
