from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.errors import ChangedSinceLook, DialogHasProblems, UnknownVersion
from dialogs.flows.author import draft_document, replace_draft
from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish
from dialogs.flows.versions import look_back, roll_back, side
from dialogs.models import DialogTask, Version
from tests.dialogs.factories import task
from tests.dialogs.samples import greeting

if TYPE_CHECKING:
    from xoplatform.models import App, EndUser


def in_words(words: str) -> dict[str, Any]:
    return greeting(words=words)


@pytest.fixture
def row(app: App) -> DialogTask:
    """A task whose v1 said "One" and whose v2 says "Two"."""
    created = task(app, in_words("One"))
    publish(created, note="first")
    replace_draft(created, in_words("Two"))
    publish(created, note="second")
    return created


def edit(row: DialogTask, words: str) -> None:
    replace_draft(row, in_words(words))


def test_a_new_version_knows_how_much_it_changed(row: DialogTask) -> None:
    assert Version.objects.get(number=1).changes is None
    assert Version.objects.get(number=2).changes == {"added": 0, "removed": 0, "changed": 1, "task": 0}


def test_rolling_back_publishes_the_old_content_as_a_new_version(row: DialogTask, developer: Any) -> None:
    version = roll_back(row, 1, revision=row.revision, user=developer, note="two was wrong")
    assert (version.number, version.note, version.created_by) == (3, "two was wrong", developer)
    assert version.document == Version.objects.get(number=1).document
    assert draft_document(row) == version.document
    row.refresh_from_db()
    assert row.published == version


def test_a_roll_back_is_undone_by_another(row: DialogTask) -> None:
    roll_back(row, 1, revision=row.revision)
    row.refresh_from_db()
    assert roll_back(row, 2, revision=row.revision).document == Version.objects.get(number=2).document


def test_only_the_draft_goes_back_and_what_is_live_stays(row: DialogTask) -> None:
    live = row.published
    assert roll_back(row, 1, revision=row.revision, live=False).number == 1
    row.refresh_from_db()
    assert row.published == live
    assert draft_document(row) == Version.objects.get(number=1).document


def test_it_is_told_which_edits_of_the_draft_would_be_lost(row: DialogTask) -> None:
    assert not look_back(row, 1).lost
    edit(row, "Three")
    look = look_back(row, 1)
    assert [change.name for change in look.lost.nodes] == ["answer"]
    assert "One" in look.coming.nodes[0].lines[0].words


def test_an_edit_after_the_look_keeps_the_draft_as_it_is(row: DialogTask) -> None:
    seen = row.revision
    edit(row, "Three")
    with pytest.raises(ChangedSinceLook):
        roll_back(row, 1, revision=seen)
    assert "Three" in str(draft_document(row))
    assert Version.objects.count() == 2


def test_content_that_cannot_be_published_today_changes_nothing(row: DialogTask) -> None:
    old = Version.objects.get(number=1)
    broken = deepcopy(old.document)
    broken["nodes"][1]["properties"]["type"] = "nonsense"
    Version.objects.filter(pk=old.pk).update(document=broken)
    with pytest.raises(DialogHasProblems):
        roll_back(row, 1, revision=row.revision)
    assert "Two" in str(draft_document(row))


def test_nodes_stay_where_the_author_put_them(row: DialogTask) -> None:
    row.nodes.filter(name="answer").update(position={"x": 3, "y": 4})
    roll_back(row, 1, revision=row.revision)
    assert row.nodes.get(name="answer").position == {"x": 3, "y": 4}


def test_a_conversation_goes_on_with_the_version_it_began_with(row: DialogTask, app: App, person: EndUser) -> None:
    first = post_message(app, person, "say hello")
    roll_back(row, 1, revision=row.revision)
    answer = post_message(app, person, "Ada", conversation=first.conversation)
    assert answer.replies[0]["text"] == "Two, Ada."
    again = post_message(app, person, "say hello")
    assert post_message(app, person, "Ada", conversation=again.conversation).replies[0]["text"] == "One, Ada."


@pytest.mark.parametrize("name", ["v9", "0", "", "v", "v²", "9" * 30, "draft2"])
def test_a_version_that_is_none_is_said_to_be_none(row: DialogTask, name: str) -> None:
    with pytest.raises(UnknownVersion):
        side(row, name)
