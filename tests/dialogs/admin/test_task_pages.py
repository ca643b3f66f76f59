from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dialogs.flows.publish import publish
from tests.dialogs.factories import task
from tests.dialogs.samples import creating, greeting
from tests.factories import ActionFactory, AppFactory

if TYPE_CHECKING:
    from django.test import Client

    from xoplatform.models import App


def page(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(f"admin:{name}", args=args)).content.decode()


def test_the_list_shows_each_dialog_with_its_state(app: App, signed_in: Client) -> None:
    task(app, greeting())
    publish(task(app, creating()))
    body = page(signed_in, "app_dialogs", app.slug)
    assert "never published" in body
    assert "v1" in body


def test_an_empty_list_says_how_to_begin(app: App, signed_in: Client) -> None:
    assert "Explore integrations" in page(signed_in, "app_dialogs", app.slug)
    ActionFactory.create(app=app, enabled=True)
    assert "Explore templates" in page(signed_in, "app_dialogs", app.slug)
    assert "Nothing was published yet" in page(signed_in, "app_versions", app.slug)


def test_versions_are_listed_newest_first_with_the_one_that_runs(app: App, signed_in: Client, developer: Any) -> None:
    publish(task(app, greeting()), developer, "to begin with")
    body = page(signed_in, "app_versions", app.slug)
    assert "to begin with" in body
    assert "live" in body


@pytest.mark.parametrize("name", ["app_dialogs", "app_versions"])
def test_a_list_makes_the_same_number_of_queries_for_one_row_and_for_many(
    name: str, app: App, signed_in: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    publish(task(app, greeting()))
    page(signed_in, name, app.slug)
    with django_assert_max_num_queries(60) as few:
        page(signed_in, name, app.slug)
    for number in range(4):
        publish(task(app, greeting(f"greet{number}")))
    with django_assert_num_queries(len(few.captured_queries)):
        page(signed_in, name, app.slug)


def test_in_short_a_dialog_says_what_it_asks_calls_and_says(app: App, signed_in: Client) -> None:
    row = task(app, creating())
    body = page(signed_in, "app_dialog", app.slug, row.pk)
    assert "summary" in body
    assert "GET project/{projectIdOrKey}" in body
    assert "done, failed" in body


def test_a_dialog_of_another_app_is_not_found(app: App, signed_in: Client) -> None:
    other = task(AppFactory.create(), greeting())
    assert signed_in.get(reverse("admin:app_dialog", args=[app.slug, other.pk])).status_code == 404
