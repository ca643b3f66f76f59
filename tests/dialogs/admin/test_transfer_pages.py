from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dialogs.documents import load_export
from dialogs.flows.author import replace_draft
from dialogs.flows.exporting import export_app
from dialogs.models import DialogTask, PendingImport
from tests.dialogs.factories import task
from tests.dialogs.samples import creating, greeting
from tests.factories import AppFactory, staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from django.test import Client

    from xoplatform.models import App


@pytest.fixture
def file(app: App) -> bytes:
    """An export of another App with two dialogs."""
    other = AppFactory.create()
    task(other, greeting(words="Welcome"))
    task(other, creating())
    return export_app(other).encode()


def upload(client: Client, app: App, data: bytes, mode: str = "incremental") -> Any:
    form = {"file": SimpleUploadedFile("dialogs.yaml", data), "mode": mode}
    return client.post(reverse("admin:app_transfer", args=[app.slug]), form, follow=True)


def apply(client: Client, page: Any, app: App) -> Any:
    pk, mark = PendingImport.objects.get().pk, page.context["plan"].mark
    return client.post(reverse("admin:app_import_apply", args=[app.slug, pk]), {"mark": mark}, follow=True)


def test_a_file_is_reported_first_and_then_applied(app: App, file: bytes, signed_in: Client) -> None:
    task(app, greeting())
    page = upload(signed_in, app, file)
    assert "Nothing has been changed yet" in page.content.decode()
    assert "Welcome" in page.content.decode()
    assert DialogTask.objects.filter(app=app).count() == 1
    assert "1 new, 1 replaced, 0 deleted" in apply(signed_in, page, app).content.decode()
    assert DialogTask.objects.filter(app=app).count() == 2
    assert not PendingImport.objects.exists()


def test_what_will_be_deleted_is_said_before(app: App, file: bytes, signed_in: Client) -> None:
    task(app, greeting("wave"))
    page = upload(signed_in, app, file, "full")
    assert "1 dialog task will be deleted" in page.content.decode()
    apply(signed_in, page, app)
    assert not DialogTask.objects.filter(app=app, name="wave").exists()


def test_a_report_that_is_out_of_date_is_shown_anew(app: App, file: bytes, signed_in: Client) -> None:
    row = task(app, greeting())
    page = upload(signed_in, app, file)
    replace_draft(row, greeting(words="Edited"))
    body = apply(signed_in, page, app).content.decode()
    assert "changed after this report was made" in body
    assert "Edited" in body
    assert DialogTask.objects.filter(app=app).count() == 1


def test_discarding_changes_nothing(app: App, file: bytes, signed_in: Client) -> None:
    upload(signed_in, app, file)
    url = reverse("admin:app_import_discard", args=[app.slug, PendingImport.objects.get().pk])
    assert "See what it changes" in signed_in.post(url, follow=True).content.decode()
    assert not PendingImport.objects.exists()
    assert not DialogTask.objects.filter(app=app).exists()


def test_a_file_that_cannot_be_read_is_refused_in_words(app: App, signed_in: Client) -> None:
    assert "neither YAML nor JSON. Line 1" in upload(signed_in, app, b"a: [").content.decode()
    empty = signed_in.post(reverse("admin:app_transfer", args=[app.slug]), {}, follow=True)
    assert "No file was chosen" in empty.content.decode()
    assert not PendingImport.objects.exists()


def test_a_file_is_downloaded(app: App, signed_in: Client) -> None:
    row = task(app, greeting())
    task(app, creating())
    url = reverse("admin:app_export", args=[app.slug])
    answer = signed_in.get(url)
    assert answer["Content-Disposition"] == f'attachment; filename="{app.slug}.yaml"'
    assert len(load_export(answer.content)["tasks"]) == 2
    assert len(load_export(signed_in.get(url, {"task": row.pk}).content)["tasks"]) == 1
    assert load_export(signed_in.get(url, {"what": "published"}).content)["tasks"] == []
    assert signed_in.get(url, {"task": "999999"}).status_code == 404


def test_the_page_makes_the_same_number_of_queries_for_one_task_and_for_many(
    app: App, signed_in: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    url = reverse("admin:app_transfer", args=[app.slug])
    task(app, greeting())
    signed_in.get(url)
    with django_assert_max_num_queries(40) as few:
        signed_in.get(url)
    for number in range(4):
        task(app, greeting(f"greet{number}"))
    with django_assert_num_queries(len(few.captured_queries)):
        signed_in.get(url)


def test_a_viewer_exports_but_does_not_import(app: App, file: bytes, client: Client) -> None:
    client.force_login(staff(app, Role.VIEWER))
    assert client.get(reverse("admin:app_export", args=[app.slug])).status_code == 200
    assert upload(client, app, file).status_code == 403


def test_nobody_applies_what_another_uploaded(app: App, file: bytes, signed_in: Client, client: Client) -> None:
    page = upload(signed_in, app, file)
    client.force_login(staff(app))
    assert "waited for more than a day" in apply(client, page, app).content.decode()
    assert PendingImport.objects.exists()
