"""The audit over the API: read and narrowed, never written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integrations.flows import audit
from tests.api import assert_problem, base
from tests.factories import AppFactory, EndUserFactory, staff

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

    from xoplatform.models import App


@pytest.fixture
def _entries(app: App) -> None:
    audit.note(app, audit.Verb.ENABLED, actor=staff(app), provider="jira")
    audit.note(app, audit.Verb.CONNECTED, end_user=EndUserFactory(app=app), provider="jira", connection=7)
    audit.note(AppFactory(), audit.Verb.ENABLED, provider="jira")


@pytest.mark.usefixtures("_entries")
@pytest.mark.parametrize(
    ("query", "count"), [("verb=enabled", 1), ("connection_id=7", 1), ("provider=other", 0), ("who=nobody", 0)]
)
def test_the_audit_can_be_narrowed(query: str, count: int, api: APIClient, app: App) -> None:
    assert len(api.get(f"{base(app)}/audit/?{query}").json()["items"]) == count


@pytest.mark.usefixtures("_entries")
def test_an_entry_tells_who_did_it(api: APIClient, app: App) -> None:
    assert api.get(f"{base(app)}/audit/?verb=connected").json()["items"][0]["who"] == "the person"


def test_the_audit_is_not_written_from_outside(api: APIClient, app: App) -> None:
    assert_problem(api.post(f"{base(app)}/audit/", {"verb": "enabled"}), 405, "method_not_allowed")


def test_an_unknown_verb_is_named(api: APIClient, app: App) -> None:
    assert_problem(api.get(f"{base(app)}/audit/?verb=danced"), 400, "invalid", "/verb")


@pytest.mark.usefixtures("_entries")
def test_the_audit_costs_the_same_whatever_its_length(
    api: APIClient, app: App, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    api.get(f"{base(app)}/audit/")
    for _ in range(6):
        audit.note(app, audit.Verb.DISABLED, end_user=EndUserFactory(app=app), provider="jira")
    with django_assert_num_queries(2):
        assert len(api.get(f"{base(app)}/audit/?provider=jira").json()["items"]) == 8
