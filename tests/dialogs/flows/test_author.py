from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.documents import UnreadableDocument
from dialogs.errors import TaskNameTaken
from dialogs.flows import author
from dialogs.models import DialogTask, Node
from tests.dialogs.factories import task
from tests.dialogs.samples import arrow, creating, document, greeting, node
from tests.factories import AppFactory

if TYPE_CHECKING:
    from xoplatform.models import App


@pytest.mark.parametrize("wanted", [greeting(), creating()], ids=["greeting", "creating"])
def test_a_document_comes_back_from_its_rows_as_it_was(app: App, wanted: dict[str, Any]) -> None:
    assert author.draft_document(task(app, wanted)) == wanted


def test_reading_a_draft_takes_two_queries(app: App, django_assert_num_queries: Any) -> None:
    row = task(app, creating())
    with django_assert_num_queries(2):
        author.draft_document(row)


def test_two_tasks_of_an_app_never_share_a_name(app: App) -> None:
    task(app, greeting())
    with pytest.raises(TaskNameTaken):
        task(app, greeting())
    task(AppFactory.create(), greeting())


def test_a_free_name_is_counted_up(app: App) -> None:
    task(app, greeting("greet"))
    task(app, greeting("greet2"))
    assert author.free_name(app, "greet") == "greet3"
    assert author.free_name(app, "wave") == "wave"


def test_a_document_that_points_nowhere_leaves_nothing_behind(app: App) -> None:
    broken = document("broken", [node("start", "intent")], [arrow("start", "nowhere")])
    with pytest.raises(UnreadableDocument, match="nowhere"):
        task(app, broken)
    assert not DialogTask.objects.exists()


def test_replacing_a_draft_raises_its_revision_and_keeps_its_name(app: App) -> None:
    row = task(app, greeting())
    author.replace_draft(row, creating())
    assert (row.name, row.revision) == ("greet", 2)
    assert author.draft_document(row)["nodes"] == creating()["nodes"]


def test_an_arrow_to_a_deleted_node_stays_behind_unconnected(app: App) -> None:
    row = task(app, greeting())
    Node.objects.get(task=row, name="answer").delete()
    targets = {entry["source"]: entry["target"] for entry in author.draft_document(row)["transitions"]}
    assert targets == {"greetIntent": "person", "person": None}
