"""E-mail and API token on the Authorization tab."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from integrations.models import Action, AuditEntry, Connection

from .conftest import CHOICES, JIRA

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.test import Client

    from tests.sandbox import Sandbox
    from xoplatform.models import App


@pytest.fixture
def typed(atlassian: Sandbox, settings: LazySettings) -> dict[str, Any]:
    settings.XO_SANDBOX_URL = atlassian.url
    return {
        **CHOICES,
        "method": "basic",
        "site_url": f"{atlassian.url}/site/acme/browse/DEMO-1",
        "email": "ada@example.com",
        "token": atlassian.api_token(),
    }


def post(client: Client, typed: dict[str, Any], **changes: str) -> Any:
    return client.post(f"{JIRA}basic/", {**typed, **changes}, follow=True)


def test_the_form_is_there_with_the_rule_that_limits_it(developer: Client, app: App) -> None:
    page = developer.get(JIRA).content.decode()
    assert "Atlassian forbids apps" in page
    assert f'formaction="{JIRA}basic/"' in page
    assert "https://id.atlassian.com/manage-profile/security/api-tokens" in page


def test_a_token_that_works_authorizes_and_can_be_enabled(developer: Client, app: App, typed: dict[str, Any]) -> None:
    page = post(developer, typed).content.decode()
    assert "JIRA is authorized as Ada Ames at acme." in page
    assert typed["token"] not in page
    action = Action.objects.get()
    assert (action.method, action.edition) == ("basic", "developer")
    assert AuditEntry.objects.filter(verb="connected").exists()
    developer.post(f"{JIRA}enable/")
    action.refresh_from_db()
    assert action.status == Action.Status.ENABLED


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"token": "hidden-wrong"}, "did not accept this e-mail and API token"),
        ({"token": ""}, "API token is missing."),
        ({"email": "ada"}, "valid email"),
        ({"email": ""}, "Account e-mail is missing."),
        ({"site_url": "https://evil.example"}, "is not the address of a JIRA site"),
        ({"site_url": ""}, "Site URL is missing."),
        ({"edition": "trial"}, "Trial"),
        ({"edition": ""}, "edition"),
        ({"expires_on": "2020-01-01"}, "has passed"),
        ({"expires_on": "2099-01-01"}, "end by"),
    ],
)
def test_what_does_not_work_is_told_and_nothing_is_kept(
    developer: Client, app: App, typed: dict[str, Any], change: dict[str, str], words: str
) -> None:
    response = post(developer, typed, **change)
    assert response.status_code == 400
    page = response.content.decode()
    assert words in page
    assert "hidden-wrong" not in page
    assert typed["token"] not in page
    assert not Connection.objects.exists()
    assert not Action.objects.filter(method="basic").exists()


def test_what_was_typed_is_still_there_but_for_the_token(developer: Client, app: App, typed: dict[str, Any]) -> None:
    page = post(developer, typed, token="hidden-wrong").content.decode()
    assert 'value="ada@example.com"' in page
    assert "/site/acme/browse/DEMO-1" in page
    assert [m.value for m in post(developer, typed, token="x").context["methods"] if m.is_chosen] == ["basic"]


def test_a_working_grant_stays_when_the_token_does_not_work(
    developer: Client, connected: Connection, typed: dict[str, Any]
) -> None:
    post(developer, typed, token="hidden-wrong")
    connected.refresh_from_db()
    assert (connected.state, connected.kind) == (Connection.State.CONNECTED, "oauth")


def test_the_end_of_the_token_is_kept(developer: Client, app: App, typed: dict[str, Any]) -> None:
    day = timezone.localdate() + timedelta(days=30)
    post(developer, typed, expires_on=day.isoformat())
    ends = Connection.objects.get().refresh_expires_at
    assert ends is not None
    assert ends.date() == day


def test_a_viewer_may_not(viewer: Client, app: App, typed: dict[str, Any]) -> None:
    assert post(viewer, typed).status_code == 403
