from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialogs.errors import BadTaskName, TaskNameTaken
from dialogs.flows import author, tasks
from dialogs.flows.edit import Sent, edit
from dialogs.flows.publish import publish
from dialogs.flows.validate import problems_of
from dialogs.models import Conversation, DialogTask, DialogTest, Version
from tests.dialogs.factories import ConversationFactory, task
from tests.dialogs.samples import creating, document, greeting, node

if TYPE_CHECKING:
    from xoplatform.models import App


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Create an issue", "createAnIssue"),
        ("Ärger melden!", "argerMelden"),
        ("3 wishes", "dialog3Wishes"),
        ("問題", "dialog"),
        ("x" * 200, "x" * 90),
    ],
)
def test_a_name_follows_from_the_title(title: str, name: str) -> None:
    assert tasks.name_of(title) == name


def test_an_empty_task_begins_with_the_intent_of_its_name(app: App) -> None:
    row = tasks.create_empty(app, "Create an issue")
    assert [entry["name"] for entry in author.draft_document(row)["nodes"]] == ["createAnIssue"]
    assert row.start == "createAnIssue"
    # Nothing is wrong but that it does not lead anywhere yet.
    assert {problem["code"] for problem in problems_of(author.draft_document(row))} == {"root_transition"}


def test_a_name_that_is_taken_is_counted_up_unless_it_was_asked_for(app: App) -> None:
    tasks.create_empty(app, "Greet")
    assert tasks.create_empty(app, "Greet").name == "greet2"
    with pytest.raises(TaskNameTaken):
        tasks.create_empty(app, "Greet", "greet")
    with pytest.raises(BadTaskName):
        tasks.create_empty(app, "Greet", "greet me")


def test_a_document_becomes_a_task_of_another_name_and_title(app: App) -> None:
    row = tasks.create_from(app, greeting(), "hello", "Say hello")
    assert author.draft_document(row) == greeting() | {"name": "hello", "title": "Say hello"}


def test_a_copy_has_everything_but_the_versions(app: App) -> None:
    row = task(app, creating())
    note = {"id": "n1", "text": "Why?", "members": ["done"]}
    edit(
        row, Sent([{"op": "set_note", "note": note}, {"op": "set_node", "name": "done", "position": {"x": 1, "y": 2}}])
    )
    publish(row)
    row.refresh_from_db()
    copy = tasks.duplicate(row)
    assert (copy.name, copy.title, copy.published_id) == ("create2", "Create (2)", None)
    expected = author.whole_document(row) | {"name": "create2", "title": "Create (2)"}
    assert author.whole_document(copy) == expected
    assert expected["notes"] == [note]


def test_what_stops_with_a_task_is_said_beforehand(app: App) -> None:
    row = task(app, creating())
    assert tasks.what_stops(row) == []
    version = publish(row)
    task(app, document("caller", [node("start", "intent"), node("call", "dialog", task="create")], []))
    DialogTest.objects.create(app=app, task=row, name="Goes well")
    ConversationFactory.create(end_user__app=app, state={"task": str(version.pk)})
    ConversationFactory.create(end_user__app=app, state={"task": "0", "frames": [{"task": str(version.pk)}]})
    ConversationFactory.create(end_user__app=app, state={"held": [[{"task": str(version.pk)}], [{"task": "0"}]]})
    ConversationFactory.create(end_user__app=app, state={"task": "0", "held": [[{"task": "0"}]]})
    assert tasks.what_stops(row) == [
        "Channels can no longer start it: it is published.",
        "“Caller” runs it and will end with an error there.",
        "1 test of it will be deleted too.",
        "3 conversations are in the middle of it and will end there.",
    ]


def test_what_is_published_of_another_task_stops_too(app: App) -> None:
    row = task(app, creating())
    publish(row)
    caller = task(app, greeting())
    publish(caller)
    runs = [{"name": "sub", "kind": "dialog", "properties": {"task": "create"}}]
    Version.objects.filter(task=caller).update(document={**greeting(), "nodes": runs})
    assert "“Greet” runs it and will end with an error there." in tasks.what_stops(row)


def test_a_deleted_task_takes_its_versions_and_leaves_conversations(app: App) -> None:
    row = task(app, creating())
    publish(row)
    ConversationFactory.create(end_user__app=app, focus=row)
    tasks.delete_task(row)
    assert not DialogTask.objects.exists()
    assert not Version.objects.exists()
    assert Conversation.objects.get().focus is None
