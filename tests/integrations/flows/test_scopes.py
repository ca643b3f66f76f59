"""Scopes compared with what dialogs need, before a person meets the refusal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from integrations.flows import authorize, scopes
from integrations.flows.clients import client_of
from integrations.models import Connection
from integrations.signals import operations_in_use
from tests.factories import ConnectionFactory, staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def create_issue_is_installed() -> Iterator[None]:
    def used(**_: Any) -> list[tuple[str, list[str]]]:
        return [("Create an Issue", ["getAccessibleSite", "createIssue"])]

    operations_in_use.connect(used)
    yield
    operations_in_use.disconnect(used)


@pytest.fixture
def row(atlassian: Sandbox, create_issue_is_installed: None) -> Connection:
    found: Connection = ConnectionFactory(scopes=["read:jira-work", "offline_access"])
    Connection.objects.update(client_id=client_of(found.action).client_id)
    found.refresh_from_db()
    return found


def test_a_dialog_that_lacks_a_scope_is_named(row: Connection) -> None:
    assert scopes.lacking(row) == [scopes.Need("Create an Issue", ("write:jira-work",))]


def test_nothing_is_lacking_where_everything_is_granted(row: Connection) -> None:
    row.scopes = [*row.scopes, "write:jira-work"]
    assert scopes.lacking(row) == []


def test_an_operation_that_is_gone_needs_nothing() -> None:
    assert scopes.missing_for("jira", ["noSuchOperation"], ["read:me"]) == ()


def test_the_first_consent_asks_what_the_registration_lists(row: Connection) -> None:
    client = client_of(row.action)
    assert scopes.to_ask(client, None) == client.scopes


def test_a_new_consent_asks_for_what_is_granted_and_what_is_missing(row: Connection) -> None:
    narrow = replace(client_of(row.action), scopes=("read:jira-work",))
    assert scopes.to_ask(narrow, row) == ("read:jira-work", "offline_access", "write:jira-work")


def test_the_consent_page_is_really_asked_for_the_missing_scope(row: Connection) -> None:
    begun = authorize.begin(row.action, session={}, user=staff(row.action.app))
    asked = parse_qs(urlsplit(begun.url).query)["scope"][0].split()
    assert {"read:jira-work", "write:jira-work", "offline_access"} <= set(asked)
    assert begun.attempt.scopes == asked


def test_scopes_of_another_registration_are_not_carried_over(row: Connection) -> None:
    row.client_id = "another"
    client = client_of(row.action)
    assert scopes.to_ask(client, row) == client.scopes


def test_the_apps_own_grant_answers_for_its_templates(row: Connection) -> None:
    app = row.action.app
    assert scopes.missing_of_app(app, "jira", {"create": ["createIssue"]}) == {"create": ("write:jira-work",)}
    Connection.objects.all().delete()
    assert scopes.missing_of_app(app, "jira", {"create": ["createIssue"]}) == {"create": ()}
