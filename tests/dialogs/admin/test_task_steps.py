from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dialogs.flows import author
from dialogs.flows.edit import Sent, edit
from dialogs.flows.publish import publish
from dialogs.models import DialogTask, PublishState
from tests.dialogs.factories import task
from tests.dialogs.samples import creating, greeting
from tests.factories import AppFactory, staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from django.test import Client

    from xoplatform.models import App


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:{name}", args=args)


def changed(app: App) -> DialogTask:
    row = task(app, creating())
    publish(row)
    edit(row, Sent([{"op": "set_node", "name": "done", "title": "All done"}]))
    row.refresh_from_db()
    return row


def test_a_new_task_opens_on_its_canvas(app: App, signed_in: Client) -> None:
    answer = signed_in.post(url("app_dialog_new", app.slug), {"title": "Say hello", "description": "Nicely"})
    row = DialogTask.objects.get()
    assert (row.name, row.title, row.description) == ("sayHello", "Say hello", "Nicely")
    assert answer["Location"] == url("app_canvas", app.slug, row.pk)


def test_a_file_becomes_a_task(app: App, signed_in: Client) -> None:
    file = SimpleUploadedFile("greet.json", json.dumps(greeting()).encode())
    signed_in.post(url("app_dialog_new", app.slug), {"document": file, "title": "Hello"})
    assert author.draft_document(DialogTask.objects.get()) == greeting() | {"title": "Hello"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "needs a title"),
        ({"title": "x", "name": "two words"}, "cannot be the name of a dialog task"),
        ({"title": "x", "name": "greet"}, "already has a dialog task named greet"),
        ({"document": SimpleUploadedFile("x.yaml", b"nodes: [")}, "neither YAML nor JSON"),
    ],
)
def test_what_cannot_be_created_is_said_beside_the_field(
    fields: dict[str, Any], words: str, app: App, signed_in: Client
) -> None:
    task(app, greeting())
    answer = signed_in.post(url("app_dialog_new", app.slug), {"description": "Kept", **fields})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "Kept" in answer.content.decode()
    assert DialogTask.objects.count() == 1


def test_a_task_is_duplicated_from_the_list(app: App, signed_in: Client) -> None:
    row = task(app, greeting())
    assert "Duplicate Greet" in signed_in.get(url("app_dialogs", app.slug)).content.decode()
    signed_in.post(url("app_dialog_duplicate", app.slug, row.pk))
    assert set(DialogTask.objects.values_list("title", flat=True)) == {"Greet", "Greet (2)"}


def test_deleting_asks_first_and_names_what_stops(app: App, signed_in: Client) -> None:
    row = task(app, greeting())
    publish(row)
    question = signed_in.get(url("app_dialog_delete", app.slug, row.pk)).content.decode()
    assert "Channels can no longer start it" in question
    assert DialogTask.objects.exists()
    signed_in.post(url("app_dialog_delete", app.slug, row.pk))
    assert not DialogTask.objects.exists()


def test_discarding_asks_first_with_what_is_lost(app: App, signed_in: Client) -> None:
    row = changed(app)
    question = signed_in.get(url("app_dialog_discard", app.slug, row.pk)).content.decode()
    assert "All done" in question
    signed_in.post(url("app_dialog_discard", app.slug, row.pk), {"revision": row.revision})
    row.refresh_from_db()
    assert row.state is PublishState.PUBLISHED


def test_what_was_edited_since_the_question_is_not_discarded(app: App, signed_in: Client) -> None:
    row = changed(app)
    signed_in.post(url("app_dialog_discard", app.slug, row.pk), {"revision": row.revision - 1})
    row.refresh_from_db()
    assert row.state is PublishState.CHANGED


def test_where_nothing_was_published_there_is_nothing_to_discard(app: App, signed_in: Client) -> None:
    row = task(app, greeting())
    answer = signed_in.get(url("app_dialog_discard", app.slug, row.pk), follow=True)
    assert "was never published" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("greet", ["Greet"]),
        ("CREATEISSUE", ["Create"]),
        ("re", ["Create", "Greet"]),
        ("greet issue", []),
        ("", ["Create", "Greet"]),
    ],
)
def test_search_looks_at_titles_and_nodes(query: str, found: list[str], app: App, signed_in: Client) -> None:
    task(app, creating())
    task(app, greeting())
    answer = signed_in.get(url("app_dialogs", app.slug), {"q": query})
    assert [row["task"].title for row in answer.context["rows"]] == found
    assert ("No dialog task of this App has" in answer.content.decode()) is not bool(found)


@pytest.mark.parametrize("name", ["app_dialog_duplicate", "app_dialog_delete", "app_dialog_discard", "app_dialog_new"])
def test_viewers_and_strangers_make_and_delete_nothing(name: str, app: App, signed_in: Client, client: Client) -> None:
    other = task(AppFactory.create(), greeting())
    if name != "app_dialog_new":
        assert signed_in.post(url(name, app.slug, other.pk)).status_code == 404
    row = task(app, greeting())
    client.force_login(staff(app, Role.VIEWER))
    assert client.post(url(name, app.slug, *([] if name == "app_dialog_new" else [row.pk]))).status_code == 403
    assert "Duplicate" not in client.get(url("app_dialogs", app.slug)).content.decode()
    assert DialogTask.objects.count() == 2
