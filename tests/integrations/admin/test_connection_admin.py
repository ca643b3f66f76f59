"""The page of a grant, and what can be done with it by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.models import Action, Connection
from tests.factories import ConnectionFactory, EndUserFactory

from .conftest import JIRA

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from xoplatform.models import App

    from .conftest import Journey

LIST = "/admin/integrations/connection/"


def page_of(client: Client, connection: Connection) -> str:
    return client.get(f"{LIST}{connection.pk}/change/").content.decode()


def test_it_tells_account_site_scopes_and_times(viewer: Client, connected: Connection) -> None:
    page = page_of(viewer, connected)
    told = ["Ada Example &lt;ada@example.com&gt;", "acme", "write:jira-work", "in 59 minutes", "The App&#x27;s own"]
    assert [words for words in told if words not in page] == []


def test_trouble_is_told_in_words(viewer: Client, connected: Connection) -> None:
    connected.state, connected.last_error = Connection.State.NEEDS_AUTHORIZATION, "Ada ended the access."
    connected.save()
    page = page_of(viewer, connected)
    assert "Ada ended the access." in page
    assert JIRA in page


def test_refresh_now_brings_a_new_token(journey: Journey) -> None:
    journey.authorize()
    before = Connection.objects.get()
    page = journey.client.post(f"{LIST}{before.pk}/refresh/", follow=True).content.decode()
    assert "Refreshed" in page
    after = Connection.objects.get()
    assert after.generation == before.generation + 1
    assert after.access_token != before.access_token
    assert journey.sandbox.exchanges() == 1


def test_a_refresh_that_is_refused_is_told(journey: Journey) -> None:
    journey.authorize()
    journey.client.post(f"{JIRA}enable/")
    journey.sandbox.revoke("ada")
    page = journey.client.post(f"{LIST}{Connection.objects.get().pk}/refresh/", follow=True).content.decode()
    assert "no longer accepts the authorization of Ada Ames" in page
    assert Action.objects.get().status == Action.Status.ERROR


def test_refreshing_and_disconnecting_take_more_than_a_link(developer: Client, connected: Connection) -> None:
    assert developer.get(f"{LIST}{connected.pk}/refresh/").status_code == 405
    assert "cannot be brought back" in developer.get(f"{LIST}{connected.pk}/disconnect/").content.decode()
    assert Connection.objects.exists()


def test_disconnect_erases_the_grant_and_puts_the_action_in_error(developer: Client, connected: Connection) -> None:
    developer.post(f"{LIST}{connected.pk}/disconnect/")
    assert not Connection.objects.exists()
    assert Action.objects.get().status == Action.Status.ERROR


def test_connections_are_found_by_account_and_narrowed_by_state(developer: Client, connected: Connection) -> None:
    person = EndUserFactory(app=connected.action.app, name="Grace")
    ConnectionFactory(action=connected.action, end_user=person, account_name="Grace H", state="needs_authorization")
    assert "Grace H" not in developer.get(LIST, {"q": "Ada"}).content.decode()
    page = developer.get(LIST, {"state__exact": "needs_authorization"}).content.decode()
    assert "Grace H" in page
    assert "Ada Example" not in page


@pytest.mark.parametrize("name", ["connection", "action", "authorizationprofile", "operationcall"])
def test_a_longer_list_needs_no_more_queries(
    developer: Client, app: App, connected: Connection, name: str, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(15):
        person = EndUserFactory(app=app)
        row = ConnectionFactory(action=connected.action, end_user=person)
        app.operation_calls.create(connection=row, end_user=person, provider="jira", operation="getIssue", method="GET")
    developer.get(f"/admin/integrations/{name}/")
    with django_assert_max_num_queries(14):
        assert developer.get(f"/admin/integrations/{name}/").status_code == 200


def test_a_list_does_not_even_read_tokens(developer: Client, connected: Connection) -> None:
    with CaptureQueriesContext(database) as queries:
        developer.get(LIST)
    assert not [query["sql"] for query in queries if "access_token" in query["sql"]]


def test_an_expired_token_says_when_it_ended(viewer: Client, connected: Connection) -> None:
    Connection.objects.update(expires_at=timezone.now() - timedelta(days=3, hours=2))
    assert "3 days ago" in page_of(viewer, connected)
