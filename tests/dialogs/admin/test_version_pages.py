from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dialogs.flows.author import replace_draft
from dialogs.flows.publish import publish
from dialogs.models import DialogTask, Version
from tests.dialogs.factories import task
from tests.dialogs.samples import greeting
from tests.factories import AppFactory, staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from django.test import Client

    from xoplatform.models import App


@pytest.fixture
def row(app: App, developer: Any) -> DialogTask:
    """A task with two versions."""
    created = task(app, greeting())
    publish(created, developer, "to begin with")
    replace_draft(created, greeting(words="Welcome"))
    publish(created, developer, "warmer")
    return created


def get(client: Client, name: str, *args: Any, **query: str) -> str:
    return client.get(reverse(f"admin:{name}", args=args), query).content.decode()


def test_the_versions_of_one_task_are_listed_alone(row: DialogTask, app: App, signed_in: Client) -> None:
    publish(task(app, greeting("wave")), note="another")
    assert "another" in get(signed_in, "app_versions", app.slug)
    body = get(signed_in, "app_versions", app.slug, task=str(row.pk))
    assert "another" not in body
    assert "warmer" in body
    assert "1 node changed" in body


def test_two_versions_are_compared_in_words_and_on_a_drawing(row: DialogTask, app: App, signed_in: Client) -> None:
    body = get(signed_in, "app_compare", app.slug, row.pk, **{"from": "v1", "to": "v2"})
    assert "Welcome, {{context.entities.person}}." in body
    assert 'class="lc-node" data-state="changed"' in body
    assert 'class="lc-node" data-state="same"' in body


def test_the_draft_is_compared_with_the_latest_version_at_first(row: DialogTask, app: App, signed_in: Client) -> None:
    assert "Nothing is different between v2 and the draft" in get(signed_in, "app_compare", app.slug, row.pk)


def test_without_a_version_there_is_nothing_to_compare(app: App, signed_in: Client) -> None:
    body = get(signed_in, "app_compare", app.slug, task(app, greeting()).pk)
    assert "nothing to compare the draft with" in body


def test_comparing_makes_the_same_number_of_queries_for_few_versions_and_for_many(
    row: DialogTask, app: App, signed_in: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    get(signed_in, "app_compare", app.slug, row.pk)
    with django_assert_max_num_queries(60) as few:
        get(signed_in, "app_compare", app.slug, row.pk)
    for words in "abc":
        replace_draft(row, greeting(words=words))
        publish(row)
    with django_assert_num_queries(len(few.captured_queries)):
        get(signed_in, "app_compare", app.slug, row.pk)


def test_before_rolling_back_it_is_told_what_would_be_lost(row: DialogTask, app: App, signed_in: Client) -> None:
    body = get(signed_in, "app_roll_back", app.slug, row.pk, 1)
    assert "will be lost" not in body
    replace_draft(row, greeting(words="Never published"))
    body = get(signed_in, "app_roll_back", app.slug, row.pk, 1)
    assert "will be lost" in body
    assert "Never published" in body


def post(client: Client, app: App, row: DialogTask, **form: Any) -> Any:
    url = reverse("admin:app_roll_back", args=[app.slug, row.pk, 1])
    return client.post(url, {"revision": row.revision, "note": "back", **form}, follow=True)


def test_rolling_back_publishes_and_says_so(row: DialogTask, app: App, signed_in: Client) -> None:
    assert "v3 is live" in post(signed_in, app, row, reach="live").content.decode()
    assert Version.objects.get(number=3).note == "back"


def test_rolling_back_the_draft_alone_leaves_what_is_live(row: DialogTask, app: App, signed_in: Client) -> None:
    assert "The draft holds v1 again" in post(signed_in, app, row, reach="draft").content.decode()
    assert Version.objects.count() == 2


def test_a_page_that_is_out_of_date_changes_nothing(row: DialogTask, app: App, signed_in: Client) -> None:
    assert "edited after this page was opened" in post(signed_in, app, row, revision="1").content.decode()
    assert Version.objects.count() == 2


def test_a_viewer_compares_but_does_not_roll_back(row: DialogTask, app: App, client: Client) -> None:
    client.force_login(staff(app, Role.VIEWER))
    assert client.get(reverse("admin:app_compare", args=[app.slug, row.pk])).status_code == 200
    assert "Roll back" not in get(client, "app_versions", app.slug)
    assert post(client, app, row).status_code == 403


@pytest.mark.parametrize(("name", "args"), [("app_compare", ()), ("app_roll_back", (1,))])
def test_a_task_of_another_app_is_not_found(
    name: str, args: tuple[int, ...], row: DialogTask, app: App, client: Client
) -> None:
    other = AppFactory.create()
    client.force_login(staff(other))
    assert client.get(reverse(f"admin:{name}", args=[other.slug, row.pk, *args])).status_code == 404


def test_a_version_that_is_none_is_not_found(row: DialogTask, app: App, signed_in: Client) -> None:
    assert signed_in.get(reverse("admin:app_roll_back", args=[app.slug, row.pk, 9])).status_code == 404
    assert signed_in.get(reverse("admin:app_compare", args=[app.slug, row.pk]), {"from": "v9"}).status_code == 404


@pytest.mark.parametrize("odd", ["9" * 40, "-1", "x", "²"])
def test_a_number_that_is_none_is_not_found(row: DialogTask, app: App, signed_in: Client, odd: str) -> None:
    answers = [
        signed_in.get(reverse("admin:app_versions", args=[app.slug]), {"task": odd}),
        signed_in.get(reverse("admin:app_export", args=[app.slug]), {"task": odd}),
        signed_in.get(reverse("admin:app_compare", args=[app.slug, row.pk]), {"from": odd}),
    ]
    assert {answer.status_code for answer in answers} <= {200, 404}
