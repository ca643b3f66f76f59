"""The page of a grant, and what can be done with it by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.models import Action, AuditEntry, AuthorizationLink, Connection
from integrations.signals import operations_in_use
from tests.factories import ActionFactory, ConnectionFactory, EndUserFactory
from xoplatform.models import Member

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


def test_missing_scopes_are_marked_with_the_dialogs_that_need_them(developer: Client, connected: Connection) -> None:
    def used(app: App, provider: str, **_: Any) -> list[tuple[str, list[str]]]:
        return [("Create an Issue", ["createIssue"]), ("Get an Issue", ["getIssue"])]

    Connection.objects.update(scopes=["read:jira-work"])
    operations_in_use.connect(used)
    try:
        page = page_of(developer, connected)
    finally:
        operations_in_use.disconnect(used)
    assert "missing: write:jira-work" in page
    assert "Create an Issue needs write:jira-work" in page
    assert "Get an Issue needs" not in page


def test_the_timeline_tells_how_it_came_to_this(journey: Journey) -> None:
    journey.authorize()
    journey.client.post(f"{JIRA}enable/")
    connection = Connection.objects.get()
    journey.client.post(f"{LIST}{connection.pk}/refresh/")
    journey.sandbox.revoke("ada")
    journey.client.post(f"{LIST}{connection.pk}/refresh/")
    page = page_of(journey.client, connection)
    told = ["Connected", "Refreshed by hand", "Lost the authorization", "developer", "All of it in the audit"]
    assert [words for words in told if words not in page] == []
    assert journey.client.get("/admin/integrations/auditentry/", {"connection_id": connection.pk}).status_code == 200


def test_another_site_of_the_grant_is_chosen(developer: Client, connected: Connection) -> None:
    globex = {"id": "site-globex", "name": "globex", "url": "https://globex.example.net"}
    Connection.objects.update(sites=[*connected.sites, globex], new_sites=[globex])
    assert "New in this authorization: globex" in page_of(developer, connected)
    assert "globex" in developer.get(f"{LIST}{connected.pk}/site/").content.decode()
    developer.post(f"{LIST}{connected.pk}/site/", {"site": "site-globex"})
    assert Connection.objects.get().site_name == "globex"
    page = developer.post(f"{LIST}{connected.pk}/site/", {"site": "nowhere"}, follow=True).content.decode()
    assert "Choose one of the list" in page


def test_a_new_site_may_be_left_alone(developer: Client, connected: Connection) -> None:
    Connection.objects.update(new_sites=[{"id": "x", "name": "globex", "url": "https://globex.example.net"}])
    developer.post(f"{LIST}{connected.pk}/keep/")
    assert "globex" not in page_of(developer, connected)
    assert Connection.objects.get().site_name == "acme"


def persons_own(connected: Connection, **person: Any) -> Connection:
    Action.objects.update(authorization_type=Action.AuthorizationType.ALLOW_USERS)
    end_user = EndUserFactory(app=connected.action.app, **person)
    row: Connection = ConnectionFactory(action=connected.action, end_user=end_user)
    return row


def test_a_person_is_sent_a_new_link(developer: Client, connected: Connection) -> None:
    row = persons_own(connected, name="Grace")
    assert "Send link" in page_of(developer, row)
    page = developer.post(f"{LIST}{row.pk}/link/", follow=True).content.decode()
    assert "A new link is on its way to Grace" in page
    assert AuthorizationLink.objects.get().end_user == row.end_user


@pytest.mark.parametrize("step", ["refresh", "site", "keep", "link", "disconnect"])
def test_nobody_but_developers_can_press_the_buttons(
    viewer: Client, sign_in: Callable[[str], Client], connected: Connection, step: str
) -> None:
    assert viewer.post(f"{LIST}{connected.pk}/{step}/").status_code == 403
    assert sign_in("stranger").post(f"{LIST}{connected.pk}/{step}/").status_code == 404
    assert Connection.objects.get().usable


def test_several_are_disconnected_after_a_question(developer: Client, connected: Connection) -> None:
    rows = [connected, persons_own(connected)]
    form = {"action": "disconnect_chosen", "_selected_action": [row.pk for row in rows]}
    question = developer.post(LIST, form).content.decode()
    assert "Disconnect 2 connections?" in question
    assert Connection.objects.count() == 2
    developer.post(LIST, {**form, "post": "yes"})
    assert not Connection.objects.exists()
    assert AuditEntry.objects.filter(verb="disconnected", actor_name="developer").count() == 2


def test_a_viewer_disconnects_nothing_in_bulk(viewer: Client, connected: Connection) -> None:
    viewer.post(LIST, {"action": "disconnect_chosen", "_selected_action": [connected.pk], "post": "yes"})
    assert Connection.objects.exists()


def test_links_are_sent_to_several_and_the_others_are_told_why_not(developer: Client, connected: Connection) -> None:
    rows = [persons_own(connected), persons_own(connected, email=""), connected]
    form = {"action": "send_links_to_chosen", "_selected_action": [row.pk for row in rows]}
    page = developer.post(LIST, form, follow=True).content.decode()
    assert "1 link will be sent by mail." in page
    assert page.count("No link for 1 connection") == 2


def test_a_huge_list_is_neither_counted_nor_sorted(developer: Client, app: App, connected: Connection) -> None:
    """What makes a hundred thousand rows quick: the page reads its own rows in the order of an index."""
    with CaptureQueriesContext(database) as queries:
        developer.get(LIST, {"app": app.pk})
        developer.get(LIST, {"state__exact": "connected"})
    about = [query["sql"] for query in queries if 'FROM "integrations_connection"' in query["sql"]]
    assert [sql for sql in about if "COUNT(" in sql] == []
    lists = [sql for sql in about if "ORDER BY" in sql]
    assert len(lists) == 2
    for sql in lists:
        assert 'ORDER BY "integrations_connection"."id" DESC' in sql
        assert "LIMIT" in sql


def test_a_list_that_is_not_counted_claims_no_number(developer: Client, connected: Connection) -> None:
    page = developer.get(LIST).content.decode()
    assert "99999" not in page


@pytest.mark.parametrize("who", ["developer", "superuser"])
@pytest.mark.parametrize("query", [{}, {"app": "1"}, {"state__exact": "connected"}, {"provider": "jira"}])
def test_the_list_is_read_along_an_index(
    sign_in: Callable[[str], Client], connected: Connection, who: str, query: dict[str, str]
) -> None:
    client = sign_in(who)
    for other in (ActionFactory(), ActionFactory()):  # more than one action, so that nothing is easy by chance
        Member.objects.create(app=other.app, user=User.objects.get(username=who))
    if "app" in query:
        query = {"app": str(connected.action.app_id)}
    with CaptureQueriesContext(database) as queries:
        client.get(LIST, query)
    (sql,) = [q["sql"] for q in queries if 'FROM "integrations_connection"' in q["sql"] and "ORDER BY" in q["sql"]]
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            for way in ("seqscan", "bitmapscan", "sort"):  # what it would do with so few rows
                cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"{'EXPLAIN QUERY PLAN' if database.vendor == 'sqlite' else 'EXPLAIN'} {sql}")
        plan = str(cursor.fetchall())
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
