"""The audit: who did what, found again and taken along, and nothing secret in it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from integrations.admin.audit_export import harmless
from integrations.flows import audit
from integrations.models import AuditEntry
from tests.factories import AppFactory, EndUserFactory, staff

from .conftest import JIRA

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from integrations.models import Connection
    from xoplatform.models import App

    from .conftest import Journey

LIST = "/admin/integrations/auditentry/"
Verb = AuditEntry.Verb


def table(client: Client, **query: Any) -> list[dict[str, str]]:
    response = client.get(f"{LIST}export/", query)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_a_life_of_an_action_is_told_with_who_did_it(journey: Journey) -> None:
    journey.authorize()
    journey.client.post(f"{JIRA}enable/")
    journey.client.post(f"{JIRA}disable/")
    journey.client.post(f"{JIRA}delete/")
    told = list(AuditEntry.objects.order_by("pk").values_list("verb", "actor_name"))
    assert told == [(verb, "developer") for verb in ("configured", "connected", "enabled", "disabled", "deleted")]


def test_the_list_is_narrowed_by_what_who_and_provider(developer: Client, app: App) -> None:
    user = staff(app)
    audit.note(app, Verb.ENABLED, actor=user, provider="jira")
    audit.note(app, Verb.WARNED, provider="jira", what="globex")
    assert [row["What"] for row in table(developer, verb__exact="enabled")] == ["Enabled"]
    assert [row["Who"] for row in table(developer, who=user.pk)] == [user.username]
    assert [row["On"] for row in table(developer, who="0")] == ["globex"]
    assert [row["On"] for row in table(developer, q="glob")] == ["globex"]
    assert table(developer, provider="other") == []
    assert developer.get(LIST).status_code == 200


def test_nobody_sees_the_audit_of_another_app(developer: Client, sign_in: Callable[[str], Client]) -> None:
    audit.note(AppFactory(name="Elsewhere"), Verb.ENABLED)
    assert table(developer) == []
    assert "Elsewhere" not in developer.get(LIST).content.decode()
    assert sign_in("stranger").get(f"{LIST}export/").status_code == 403


def test_nobody_can_change_an_entry(developer: Client, app: App) -> None:
    entry = audit.note(app, Verb.ENABLED)
    assert developer.get(f"{LIST}{entry.pk}/change/").status_code == 200
    assert developer.post(f"{LIST}{entry.pk}/change/", {"verb": "deleted"}).status_code == 403
    assert developer.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403


def test_secrets_are_hidden_before_they_are_stored(app: App) -> None:
    entry = audit.note(
        app, Verb.PROFILE_CHANGED, details={"client_secret": "hidden-1", "words": "access_token=hidden-2 x"}
    )
    entry.refresh_from_db()
    assert "hidden-" not in str(entry.details)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\uff1d1"])
def test_no_cell_runs_as_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("acme = fine") == "acme = fine"


def test_a_person_named_like_a_formula_is_exported_as_text(developer: Client, app: App) -> None:
    person = EndUserFactory(app=app, name='=HYPERLINK("http://evil.example","x")')
    audit.note(app, Verb.LINK_USED, end_user=person)
    assert table(developer)[0]["For"].startswith("'=HYPERLINK")


def test_an_entry_leads_to_its_connection(developer: Client, connected: Connection) -> None:
    entry = audit.note_about(connected, Verb.REFRESHED)
    page = developer.get(f"{LIST}{entry.pk}/change/").content.decode()
    assert f"/admin/integrations/connection/{connected.pk}/change/" in page


def test_a_longer_list_needs_no_more_queries(
    developer: Client, app: App, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(30):
        audit.note(app, Verb.LINK_SENT, end_user=EndUserFactory(app=app), what=str(number))
    developer.get(LIST)
    with django_assert_max_num_queries(14):
        assert developer.get(LIST).status_code == 200
