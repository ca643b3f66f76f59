"""Connections over the API: seen without tokens, moved to another site, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations.models import Action, AuditEntry, Connection
from tests.api import assert_problem, base, client_of
from tests.factories import ActionFactory, AppFactory, ConnectionFactory, EndUserFactory
from xoplatform.models import Scope

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

    from xoplatform.models import App

TWO = [
    {"id": "site-acme", "name": "acme", "url": "https://acme.example.net"},
    {"id": "site-globex", "name": "globex", "url": "https://globex.example.net"},
]


@pytest.fixture
def action(app: App) -> Action:
    return ActionFactory(app=app, enabled=True, authorization_type="allow_users")


def of_person(action: Action, **fields: Any) -> Connection:
    return ConnectionFactory(action=action, end_user=EndUserFactory(app=action.app), **fields)


def test_connections_are_listed_without_their_tokens(api: APIClient, app: App, action: Action) -> None:
    row = of_person(action)
    assert row.end_user is not None
    answer = api.get(f"{base(app)}/connections/")
    (found,) = answer.json()["items"]
    assert (found["end_user_id"], found["external_id"], found["account_name"], found["site_name"]) == (
        row.end_user_id,
        row.end_user.external_id,
        "Ada Example",
        "acme",
    )
    assert "hidden" not in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("state=needs_authorization", 1),
        ("provider=jira", 3),
        ("provider=other", 0),
        ("whose=app", 1),
        ("whose=people", 2),
    ],
)
def test_the_list_can_be_narrowed(query: str, count: int, api: APIClient, app: App, action: Action) -> None:
    of_person(action)
    of_person(action, state=Connection.State.NEEDS_AUTHORIZATION)
    ConnectionFactory(action=action)
    assert len(api.get(f"{base(app)}/connections/?{query}").json()["items"]) == count


def test_the_connections_of_one_person_are_found(api: APIClient, app: App, action: Action) -> None:
    row = of_person(action)
    of_person(action)
    found = api.get(f"{base(app)}/connections/?end_user_id={row.end_user_id}").json()["items"]
    assert [one["id"] for one in found] == [row.pk]


def test_an_unknown_state_is_named(api: APIClient, app: App) -> None:
    assert_problem(api.get(f"{base(app)}/connections/?state=happy"), 400, "invalid", "/state")


def test_another_site_of_the_grant_is_chosen(api: APIClient, app: App, action: Action) -> None:
    row = of_person(action, sites=TWO)
    found = api.patch(f"{base(app)}/connections/{row.pk}/", {"site_id": "site-globex"}).json()
    assert found["site_name"] == "globex"
    assert AuditEntry.objects.get(verb="site_changed").actor_name == "API key tests"


def test_a_site_beyond_the_grant_is_refused(api: APIClient, app: App, action: Action) -> None:
    row = of_person(action)
    assert_problem(api.patch(f"{base(app)}/connections/{row.pk}/", {"site_id": "other"}), 409, "site_unknown")


def test_a_move_on_what_changed_meanwhile_is_refused(api: APIClient, app: App, action: Action) -> None:
    row = of_person(action, sites=TWO)
    answer = api.patch(f"{base(app)}/connections/{row.pk}/", {"site_id": "site-globex"}, headers={"If-Match": '"x"'})
    assert_problem(answer, 412, "changed_meanwhile")


def test_a_disconnected_grant_is_gone(api: APIClient, app: App, action: Action) -> None:
    row = of_person(action)
    assert api.delete(f"{base(app)}/connections/{row.pk}/").status_code == 204
    assert_problem(api.get(f"{base(app)}/connections/{row.pk}/"), 404, "not_found")


def test_a_connection_of_another_app_is_not_there(api: APIClient, app: App) -> None:
    row = ConnectionFactory(action__app=AppFactory())
    assert_problem(api.delete(f"{base(app)}/connections/{row.pk}/"), 404, "not_found")
    assert Connection.objects.filter(pk=row.pk).exists()


def test_who_looks_after_people_does_not_end_what_serves_everybody(app: App, action: Action) -> None:
    row = ConnectionFactory(action=action)
    api = client_of(app, [Scope.PEOPLE], name="people")
    assert api.get(f"{base(app)}/connections/{row.pk}/").status_code == 200
    assert_problem(api.delete(f"{base(app)}/connections/{row.pk}/"), 403, "not_allowed")


def test_the_end_of_the_apps_own_connection_is_an_error_of_its_action(app: App) -> None:
    ConnectionFactory(action__app=app)
    api = client_of(app, [Scope.CONFIGURATION], name="operations")
    at = f"{base(app)}/actions/jira/connection/"
    assert api.get(at).json()["state"] == "connected"
    assert api.delete(at).status_code == 204
    assert_problem(api.get(at), 404, "not_found")
    assert api.get(f"{base(app)}/actions/jira/").json()["status"] == "error"


def test_the_list_costs_the_same_whatever_its_length(
    api: APIClient, app: App, action: Action, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    of_person(action)
    api.get(f"{base(app)}/connections/")
    for _ in range(6):
        of_person(action)
    with django_assert_num_queries(3):
        assert len(api.get(f"{base(app)}/connections/").json()["items"]) == 7
