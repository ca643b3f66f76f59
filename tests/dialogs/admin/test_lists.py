from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dialogs.flows.edit import Sent, edit
from dialogs.flows.edit_log import since
from dialogs.models import DialogTask, Version
from tests.dialogs.factories import ConversationFactory, TurnFactory, task
from tests.dialogs.samples import arrow, document, greeting, node
from tests.factories import AppFactory, EndUserFactory, staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from django.test import Client

    from xoplatform.models import App

LISTS = ["dialogs_dialogtask", "dialogs_version", "dialogs_conversation"]


def fill(app: App, count: int) -> None:
    begun = DialogTask.objects.filter(app=app).count()
    for number in range(begun, begun + count):
        row = task(app, greeting(f"greet{number}"))
        row.published = Version.objects.create(task=row, number=1, document={}, digest="x")
        row.published_revision = 1
        row.save()
        TurnFactory.create(conversation=ConversationFactory.create(end_user=EndUserFactory.create(app=app)))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_makes_the_same_number_of_queries_for_one_row_and_for_many(
    name: str, app: App, signed_in: Client, django_assert_num_queries: Any
) -> None:
    url = reverse(f"admin:{name}_changelist")
    fill(app, 1)
    signed_in.get(url)
    with CaptureQueriesContext(connection) as few:
        assert signed_in.get(url).status_code == 200
    fill(app, 5)
    with django_assert_num_queries(len(few.captured_queries)):
        assert signed_in.get(url).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_it_shows_rows_of_ones_own_apps_only(name: str, app: App, signed_in: Client) -> None:
    other = AppFactory.create()
    fill(other, 1)
    fill(app, 1)
    page = signed_in.get(reverse(f"admin:{name}_changelist"))
    assert page.context["cl"].result_count == 1


def test_a_list_of_tasks_says_how_the_draft_stands_to_what_runs(app: App, signed_in: Client) -> None:
    fill(app, 1)
    page = signed_in.get(reverse("admin:dialogs_dialogtask_changelist")).content.decode()
    assert "Changed since published" not in page
    assert "Published" in page
    assert "v1" in page


def test_a_task_of_another_app_cannot_be_opened(signed_in: Client) -> None:
    other = task(AppFactory.create(), greeting())
    assert signed_in.get(reverse("admin:dialogs_dialogtask_change", args=[other.pk])).status_code == 302


def test_a_member_without_the_role_sees_nodes_but_cannot_change_them(app: App, client: Client) -> None:
    row = task(app, greeting())
    client.force_login(staff(app, Role.VIEWER))
    page = client.get(reverse("admin:dialogs_dialogtask_change", args=[row.pk]))
    assert page.status_code == 200
    assert "person" in page.content.decode()
    assert client.post(reverse("admin:dialogs_dialogtask_change", args=[row.pk]), {"title": "x"}).status_code == 403


def test_a_transcript_shows_turns_steps_and_no_secret(app: App, signed_in: Client) -> None:
    conversation = ConversationFactory.create(end_user=EndUserFactory.create(app=app))
    step = {
        "node": "createIssueService",
        "kind": "service",
        "title": "Create the issue",
        "duration_ms": 12.4,
        "status": "ok",
        "request": {"headers": {"Authorization": "Bearer abc"}, "method": "POST"},
    }
    TurnFactory.create(conversation=conversation, text="create an issue", trace={"steps": [step], "duration_ms": 20})
    page = signed_in.get(reverse("admin:dialogs_conversation_change", args=[conversation.pk])).content.decode()
    assert "create an issue" in page
    assert "Create the issue" in page
    assert "POST" in page
    assert "Bearer abc" not in page


def test_a_conversation_is_found_by_the_id_that_a_channel_knows(app: App, signed_in: Client) -> None:
    wanted = ConversationFactory.create(end_user=EndUserFactory.create(app=app))
    ConversationFactory.create(end_user=EndUserFactory.create(app=app))
    page = signed_in.get(reverse("admin:dialogs_conversation_changelist"), {"q": str(wanted.public_id)})
    assert [row.pk for row in page.context["cl"].result_list] == [wanted.pk]


def test_nobody_writes_versions_and_conversations_by_hand(app: App, signed_in: Client) -> None:
    fill(app, 1)
    version = Version.objects.get()
    assert signed_in.post(reverse("admin:dialogs_version_change", args=[version.pk]), {}).status_code == 403
    assert signed_in.get(reverse("admin:dialogs_conversation_add")).status_code == 403


def test_a_task_is_deleted_with_its_versions(app: App, signed_in: Client) -> None:
    fill(app, 1)
    url = reverse("admin:dialogs_dialogtask_delete", args=[DialogTask.objects.get().pk])
    assert "v1" in signed_in.get(url).content.decode()
    signed_in.post(url, {"post": "yes"})
    assert not Version.objects.exists()


def form_of(page: Any) -> dict[str, str]:
    """What a browser would send from the page of a dialog task after a change of one node's title."""
    form: dict[str, Any] = {"title": "Greet", "description": "", "seen_revision": "1"}
    for formset in page.context["inline_admin_formsets"]:
        form |= {f"{formset.formset.prefix}-{k}": v for k, v in formset.formset.management_form.initial.items()}
        for inline in formset.formset.forms:
            for field in inline:
                form[field.html_name] = field.value() if field.value() is not None else ""
    form = {key: value if isinstance(value, str) else json.dumps(value) for key, value in form.items()}
    return form | {next(key for key, value in form.items() if key.endswith("-title") and value == "answer"): "Greeting"}


def test_an_edit_of_a_node_counts_as_a_change_of_its_task_and_is_told_to_open_canvases(
    app: App, signed_in: Client, developer: Any
) -> None:
    row = task(app, greeting())
    url = reverse("admin:dialogs_dialogtask_change", args=[row.pk])
    assert signed_in.post(url, form_of(signed_in.get(url))).status_code == 302
    row.refresh_from_db()
    assert row.revision == 2
    assert row.nodes.get(name="answer").title == "Greeting"
    (told,) = since(row, 1).edits
    assert told.ops == [{"op": "set_node", "name": "answer", "title": "Greeting"}]
    assert told.author == developer


def test_a_page_that_was_open_while_the_draft_was_edited_saves_nothing(app: App, signed_in: Client) -> None:
    row = task(app, greeting())
    url = reverse("admin:dialogs_dialogtask_change", args=[row.pk])
    form = form_of(signed_in.get(url))
    edit(row, Sent([{"op": "set_node", "name": "person", "title": "Name"}]))
    refused = signed_in.post(url, form)
    assert "edited while this page was open" in refused.content.decode()
    assert set(row.nodes.values_list("title", flat=True)) == {"greetIntent", "Name", "answer"}


def test_a_task_that_others_run_says_so_before_it_is_deleted(app: App, signed_in: Client) -> None:
    inner = task(app, greeting())
    sub = node("sub", "dialog", task=inner.name)
    arrows = [arrow("outerIntent", "sub"), arrow("sub", "@end")]
    task(app, document("outer", [node("outerIntent", "intent", utterances=["go"]), sub], arrows))
    page = signed_in.get(reverse("admin:dialogs_dialogtask_delete", args=[inner.pk])).content.decode()
    assert "“Outer” runs it and will end with an error there." in page
