from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from dialogs.documents.editing import BadEdit, Draft, apply, touched
from dialogs.errors import EditConflict, EditTooOld
from dialogs.flows import author, drafts, edit_log
from dialogs.models import DraftEdit, Node
from tests.dialogs.edits import ADA, ADD, BOB, LEAD, moved, nodes_of, patch, save, titled
from tests.dialogs.factories import task
from tests.dialogs.samples import creating
from tests.factories import staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogs.models import DialogTask
    from xoplatform.models import App


@pytest.fixture
def creates(app: App) -> DialogTask:
    return task(app, creating())


def test_edits_of_different_things_are_merged_and_told(creates: DialogTask) -> None:
    save(creates, titled("done", "Done!"), client=BOB)
    saved = save(creates, patch("summary", retries=2), base=1)
    assert saved.others == [titled("done", "Done!")]
    assert saved.task.revision == 3
    assert nodes_of(creates)["done"]["title"] == "Done!"
    assert nodes_of(creates)["summary"]["properties"]["retries"] == 2


def test_two_properties_of_one_node_are_different_things(creates: DialogTask) -> None:
    save(creates, patch("summary", retries=2), client=BOB)
    save(creates, patch("summary", max_length=80), base=1)
    assert nodes_of(creates)["summary"]["properties"]["retries"] == 2
    assert nodes_of(creates)["summary"]["properties"]["max_length"] == 80


def test_an_edit_of_the_same_thing_is_refused_with_both_versions(app: App, creates: DialogTask) -> None:
    bob = staff(app)
    save(creates, patch("summary", retries=2), client=BOB, user=bob)
    with pytest.raises(EditConflict) as refused:
        save(creates, patch("summary", retries=3), titled("done", "Fine"), base=1)
    assert refused.value.conflicts == [
        {
            "thing": "property",
            "node": "summary",
            "field": "retries",
            "words": f"{edit_log.called(bob)} changed “retries” of summary.",
            "mine": 3,
            "theirs": 2,
            "by": edit_log.called(bob),
        }
    ]
    assert refused.value.revision == 2
    assert refused.value.others == [patch("summary", retries=2)]
    assert nodes_of(creates)["done"]["title"] == "done"


def test_the_same_change_by_two_people_is_no_conflict(creates: DialogTask) -> None:
    save(creates, titled("done", "Done!"), client=BOB)
    assert save(creates, titled("done", "Done!"), base=1).task.revision == 3


def test_whoever_moves_a_node_last_has_moved_it(creates: DialogTask) -> None:
    save(creates, moved("done"), client=BOB)
    save(creates, {"op": "set_node", "name": "done", "position": {"x": 1, "y": 1}}, base=1)
    assert Node.objects.get(task=creates, name="done").position == {"x": 1, "y": 1}


@pytest.mark.parametrize(
    ("theirs", "mine", "there"),
    [
        ({"op": "remove_node", "name": "done"}, titled("done", "Fine"), False),
        (titled("done", "Fine"), {"op": "remove_node", "name": "done"}, True),
        (
            {"op": "remove_node", "name": "done"},
            LEAD | {"source": "summary", "transitions": [{"target": "done"}]},
            False,
        ),
        (ADD, ADD | {"node": {"name": "more", "kind": "script"}}, True),
    ],
)
def test_work_on_a_node_that_came_or_went_is_never_lost_silently(
    creates: DialogTask, theirs: dict[str, Any], mine: dict[str, Any], there: bool
) -> None:
    save(creates, theirs, client=BOB)
    with pytest.raises(EditConflict) as refused:
        save(creates, mine, base=1)
    (conflict,) = refused.value.conflicts
    assert conflict["node"] in {"done", "more"}
    assert (conflict["theirs"] is not None) is there


def test_a_merge_needs_the_log_to_reach_back(creates: DialogTask) -> None:
    author.touch(creates)
    with pytest.raises(EditTooOld):
        save(creates, titled("done", "Fine"), base=1)
    assert save(creates, titled("done", "Fine"), base=2).task.revision == 3


@pytest.mark.django_db(transaction=True)
def test_everybody_who_saves_at_once_is_saved(app: App) -> None:
    """On each database that the suite runs on: four tabs, eight edits each, all of other things."""
    row = task(app, creating())
    names = ["summary", "done", "failed", "work"]
    together = threading.Barrier(len(names), timeout=20)

    def type_titles(name: str) -> None:
        try:
            together.wait()
            for number in range(8):
                save(row, titled(name, f"{name} {number}"), base=1, client=uuid.uuid5(ADA, name))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(names)) as tabs:
        list(tabs.map(type_titles, names))
    row.refresh_from_db()
    assert row.revision == 1 + 8 * len(names)
    assert {nodes_of(row)[name]["title"] for name in names} == {f"{name} 7" for name in names}
    assert edit_log.since(row, 1).complete


@pytest.mark.django_db(transaction=True)
def test_an_edit_that_is_sent_twice_at_once_is_applied_once(app: App) -> None:
    row = task(app, creating())
    number, together = uuid.uuid4(), threading.Barrier(4, timeout=20)

    def send(_: int) -> int:
        try:
            together.wait()
            return save(row, ADD, base=1, edit_id=number).task.revision
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as tabs:
        assert set(tabs.map(send, range(4))) == {2}
    assert DraftEdit.objects.count() == 1


def between(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], Any]) -> None:
    """Has something happen once, when a task's row was read and its nodes were not yet."""
    read, waiting = drafts.read, [meanwhile]

    def late(row: DialogTask) -> drafts.Rows:
        if waiting:
            waiting.pop()()
        return read(row)

    monkeypatch.setattr(drafts, "read", late)


def test_an_edit_is_judged_by_rows_of_one_revision(creates: DialogTask, monkeypatch: pytest.MonkeyPatch) -> None:
    between(monkeypatch, lambda: save(creates, ADD, client=BOB))
    with pytest.raises(EditConflict):
        save(creates, ADD, base=1)


def test_an_edit_is_made_anew_when_another_one_was_quicker(
    creates: DialogTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    between(monkeypatch, lambda: save(creates, titled("done", "Done!"), client=BOB))
    saved = save(creates, titled("summary", "About"), base=1)
    assert (saved.task.revision, saved.others) == (3, [titled("done", "Done!")])


def test_a_draft_is_read_with_the_revision_that_it_is_of(creates: DialogTask, monkeypatch: pytest.MonkeyPatch) -> None:
    between(monkeypatch, lambda: save(creates, ADD, client=BOB))
    assert "more" in drafts.read_steady(creates).draft.nodes
    assert creates.revision == 2


RENAMED = {"op": "rename_node", "from": "summary", "to": "title"}


@pytest.mark.parametrize(
    ("mine", "holds"),
    [
        (titled("summary", "About"), {"title": {"title": "About"}}),
        (patch("done", texts=["{{context.entities.summary}}"]), {"done": {"texts": ["{{context.entities.title}}"]}}),
        (
            {
                "op": "add_node",
                "node": {"name": "new", "kind": "script", "properties": {"code": "context.entities.summary"}},
            },
            {"new": {"code": "context.entities.title"}},
        ),
        (patch("work", first="summary"), {"work": {"first": "title"}}),
    ],
)
def test_work_that_speaks_of_a_node_follows_the_name_that_somebody_else_gave_it(
    creates: DialogTask, mine: dict[str, Any], holds: dict[str, dict[str, Any]]
) -> None:
    save(creates, RENAMED, client=BOB)
    saved = save(creates, mine, base=1)
    for name, wanted in holds.items():
        node = nodes_of(creates)[name]
        assert {**node["properties"], "title": node["title"]}.items() >= wanted.items()
    # The sender's copy: what others did, its own operation, and what was made of it.
    copy = Draft.of(creating())
    for op in (*saved.others, mine, *saved.applied[0]["ops"]):
        with suppress(BadEdit):
            apply(copy, [op])
    assert not touched(copy, saved.draft)


def test_transitions_and_conditions_follow_a_new_name(creates: DialogTask) -> None:
    save(creates, RENAMED, client=BOB)
    asks = {"criteria": [{"subject": "entity", "key": "summary", "operator": "exists"}]}
    lead = {"op": "set_transitions", "source": "done", "transitions": [{"target": "summary", "condition": asks}]}
    saved = save(creates, lead, base=1)
    (way,) = saved.draft.ways["done"]
    assert (way["target"], way["condition"]["criteria"][0]["key"]) == ("title", "title")


def test_a_name_is_followed_through_several_renamings(creates: DialogTask) -> None:
    save(creates, RENAMED, client=BOB)
    save(creates, {"op": "rename_node", "from": "title", "to": "topic"}, client=BOB)
    save(creates, titled("summary", "About"), base=1)
    assert nodes_of(creates)["topic"]["title"] == "About"


def test_what_was_written_before_a_renaming_was_told_follows_it_too(creates: DialogTask) -> None:
    save(creates, RENAMED, client=BOB)
    saved = save(creates, titled("summary", "About"), base=2)
    assert saved.applied[0]["ops"] == [titled("title", "About")]
    with pytest.raises(BadEdit):
        save(creates, titled("nobody", "x"), base=3)


def test_two_names_for_one_node_are_shown_to_choose_from(creates: DialogTask) -> None:
    save(creates, RENAMED, client=BOB)
    with pytest.raises(EditConflict) as refused:
        save(creates, RENAMED | {"to": "topic"}, base=1)
    (conflict,) = refused.value.conflicts
    assert (conflict["node"], conflict["mine"], conflict["theirs"]) == ("summary", "topic", "title")
