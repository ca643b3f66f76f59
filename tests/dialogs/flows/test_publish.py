from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.errors import ChangedMeanwhile, DialogHasProblems
from dialogs.flows import author
from dialogs.flows import publish as publishing
from dialogs.flows.publish import publish, snapshot
from dialogs.flows.validate import problems_of
from dialogs.models import DialogTask, Version
from tests.dialogs.factories import task
from tests.dialogs.samples import arrow, document, greeting, node

if TYPE_CHECKING:
    from xoplatform.models import App


def state(row: DialogTask) -> str:
    return row.state.value


def test_publishing_freezes_the_draft_as_the_next_version(app: App, developer: Any) -> None:
    row = task(app, greeting())
    assert state(row) == "draft"
    first = publish(row, developer, "the first one")
    assert (first.number, first.note, first.created_by) == (1, "the first one", developer)
    assert first.document == greeting()
    assert state(row) == "published"

    author.replace_draft(row, greeting(words="Welcome"))
    assert state(row) == "changed"
    assert publish(row).number == 2
    first.refresh_from_db()
    assert first.document == greeting()


def test_publishing_an_unchanged_draft_makes_no_new_version(app: App) -> None:
    row = task(app, greeting())
    first = publish(row)
    author.touch(row)
    assert publish(row) == first
    assert state(row) == "published"


def test_a_draft_with_problems_is_not_published_and_each_names_its_node(app: App) -> None:
    lonely = document(
        "lonely",
        [node("start", "intent", utterances=["go"]), node("ask", "service", provider="jira", operation="flyToTheMoon")],
        [arrow("start", "ask"), arrow("ask", "@end")],
    )
    row = task(app, lonely)
    with pytest.raises(DialogHasProblems, match="flyToTheMoon") as failure:
        publish(row)
    assert {problem["node"] for problem in failure.value.problems} == {"ask"}
    assert not Version.objects.exists()


def test_an_edit_between_validating_and_freezing_is_not_published(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    row = task(app, greeting())
    validate = problems_of

    def somebody_edits(draft: Any, app_id: int) -> Any:
        author.touch(type(row).objects.get(pk=row.pk))
        return validate(draft, app_id)

    monkeypatch.setattr(publishing, "problems_of", somebody_edits)
    with pytest.raises(ChangedMeanwhile):
        publish(row)
    assert not Version.objects.exists()


def test_a_snapshot_is_taken_once_until_the_draft_changes(app: App) -> None:
    row = task(app, greeting())
    first = snapshot(row)
    assert first.number is None
    assert snapshot(row) == first
    author.touch(row)
    assert snapshot(row) == first
    author.replace_draft(row, greeting(words="Welcome"))
    assert snapshot(row) != first


def test_a_published_version_serves_as_the_snapshot_of_an_equal_draft(app: App) -> None:
    row = task(app, greeting())
    assert snapshot(row) != publish(row)
    assert snapshot(row) == row.published
