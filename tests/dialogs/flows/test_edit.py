from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.documents.editing import BadEdit
from dialogs.errors import NothingPublished
from dialogs.flows import author, edit_log
from dialogs.flows.discard import discard_changes, what_is_lost
from dialogs.flows.publish import publish, snapshot
from dialogs.models import DraftEdit, Node, PublishState
from tests.dialogs.edits import ADA, ADD, LEAD, moved, nodes_of, save, titled
from tests.dialogs.factories import task
from tests.dialogs.samples import creating

if TYPE_CHECKING:
    from dialogs.models import DialogTask
    from xoplatform.models import App

WORK = ("work", "readProject", "createIssue")


@pytest.fixture
def creates(app: App) -> DialogTask:
    return task(app, creating())


@pytest.mark.parametrize(
    "ops",
    [
        [ADD, LEAD],
        [{"op": "remove_node", "name": "work"}],
        [{"op": "rename_node", "from": "createIssue", "to": "makeIssue"}, titled("makeIssue", "Make it")],
        # The two change names.
        [
            {"op": "rename_node", "from": "done", "to": "between"},
            {"op": "rename_node", "from": "failed", "to": "done"},
            {"op": "rename_node", "from": "between", "to": "failed"},
        ],
        [{"op": "remove_node", "name": "done"}, {"op": "add_node", "node": {"name": "done", "kind": "script"}}],
        [
            {"op": "add_node", "node": {"name": "box", "kind": "bot_action"}},
            {"op": "set_node", "name": "readProject", "parent": "box"},
            {"op": "remove_node", "name": "work"},
        ],
        [{"op": "set_transitions", "source": "summary", "transitions": []}],
        [{"op": "set_task", "title": "New", "start": "", "settings": {"x": 1}}],
    ],
)
def test_what_is_saved_is_what_the_rows_say(creates: DialogTask, ops: list[dict[str, Any]]) -> None:
    saved = save(creates, *ops)
    creates.refresh_from_db()
    stored = author.draft_document(creates)
    wanted = saved.draft.document()
    by_source = lambda entry: entry["source"]  # noqa: E731
    assert sorted(stored.pop("transitions"), key=by_source) == sorted(wanted.pop("transitions"), key=by_source)
    assert {entry["name"]: entry for entry in stored.pop("nodes")} == {e["name"]: e for e in wanted.pop("nodes")}
    assert stored == wanted
    assert creates.revision == 2


def test_a_renamed_node_stays_the_same_row(creates: DialogTask) -> None:
    key = Node.objects.get(task=creates, name="summary").pk
    save(creates, {"op": "rename_node", "from": "summary", "to": "title"})
    assert Node.objects.get(pk=key).name == "title"


def test_an_edit_that_cannot_be_made_changes_nothing(creates: DialogTask) -> None:
    with pytest.raises(BadEdit):
        save(creates, ADD, {"op": "remove_node", "name": "nobody"})
    creates.refresh_from_db()
    assert creates.revision == 1
    assert "more" not in nodes_of(creates)


def test_the_same_edit_is_applied_once_and_answered_as_it_was(creates: DialogTask) -> None:
    number = uuid.uuid4()
    op = {"op": "rename_node", "from": "summary", "to": "title"}
    first = save(creates, op, base=1, edit_id=number)
    again = save(creates, op, base=1, edit_id=number)
    assert (again.task.revision, again.applied, again.others) == (2, first.applied, [])
    assert DraftEdit.objects.count() == 1


def test_an_edit_takes_nine_statements_however_large_the_dialog(
    creates: DialogTask, django_assert_num_queries: Any
) -> None:
    # task, log, nodes, transitions; savepoint, task, node, entry, release
    with django_assert_num_queries(9):
        save(creates, titled("done", "Fine"), base=1)


def test_moving_nodes_and_writing_notes_leaves_a_published_task_published(creates: DialogTask) -> None:
    publish(creates)
    saved = save(creates, moved("done"), {"op": "set_note", "note": {"id": "n1", "text": "Ask Ada"}})
    saved.task.refresh_from_db()
    assert saved.task.state is PublishState.PUBLISHED
    assert saved.task.snapshot_id == saved.task.published_id
    assert saved.task.notes == [{"id": "n1", "text": "Ask Ada"}]


def test_moving_nodes_keeps_the_snapshot_that_is_being_tried(creates: DialogTask) -> None:
    tried = snapshot(creates)
    saved = save(creates, moved("done"))
    saved.task.refresh_from_db()
    assert saved.task.snapshot_id == tried.pk
    assert save(creates, titled("done", "Fine")).task.snapshot_id is None


def test_a_change_that_is_taken_back_leaves_the_task_published(creates: DialogTask) -> None:
    publish(creates)
    node = nodes_of(creates)["done"]
    changed = save(creates, {"op": "remove_node", "name": "done"})
    assert changed.task.state is PublishState.CHANGED
    back = save(
        creates,
        {"op": "add_node", "node": node},
        {"op": "set_transitions", "source": "work", "transitions": [{"target": "done"}]},
        {"op": "set_transitions", "source": "done", "transitions": [{"target": "@end"}]},
    )
    back.task.refresh_from_db()
    assert back.task.state is PublishState.PUBLISHED


def test_discarding_brings_the_published_version_back_and_keeps_places(creates: DialogTask) -> None:
    publish(creates)
    published = nodes_of(creates)
    save(creates, moved("done"), titled("done", "Fine"), ADD, {"op": "remove_node", "name": "work"})
    creates.refresh_from_db()
    assert {change.name for change in what_is_lost(creates).nodes} == {"done", "more", "summary", *WORK}
    saved = discard_changes(creates, base=creates.revision, client=ADA)
    saved.task.refresh_from_db()
    assert nodes_of(saved.task) == published
    assert saved.task.state is PublishState.PUBLISHED
    assert Node.objects.get(task=creates, name="done").position == {"x": 5, "y": 6}
    assert {"op": "remove_node", "name": "more"} in saved.ops


def test_nothing_is_discarded_where_nothing_was_published(creates: DialogTask) -> None:
    with pytest.raises(NothingPublished):
        discard_changes(creates)


def test_replacing_a_draft_is_an_edit_that_others_are_told_of(creates: DialogTask) -> None:
    wanted = creating()
    wanted["nodes"][1]["title"] = "Topic"
    author.replace_draft(creates, wanted)
    assert edit_log.since(creates, 1).ops_of_others(ADA) == [titled("summary", "Topic")]


def test_the_log_forgets_what_is_long_past(creates: DialogTask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edit_log, "MOST", 2)
    monkeypatch.setattr(edit_log, "OFTEN", 5)
    for number in range(4):
        save(creates, titled("done", f"Title {number}"))
    assert list(DraftEdit.objects.values_list("revision", flat=True)) == [4, 5]
