"""No page of the admin shows a token, a secret or a hash of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from integrations.models import Action, AuthorizationAttempt, AuthorizationProfile, Connection, OperationCall
from tests.factories import ActionFactory, ConnectionFactory, EndUserFactory, ProfileFactory

from .conftest import JIRA

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from xoplatform.models import App

HIDDEN = [
    "hidden-access",
    "hidden-refresh",
    "hidden-client-secret",
    "hidden-verifier",
    "hidden-state-hash",
    "hidden-session-hash",
    "hidden-bearer",
    "hidden-lease",
    "gAAAA",  # how every ciphertext begins
]


@pytest.fixture
def everything(app: App) -> None:
    profile = ProfileFactory(app=app)
    action = ActionFactory(app=app, enabled=True, card="custom", profile=profile)
    person = EndUserFactory(app=app)
    own = ConnectionFactory(action=action, lease_token="hidden-lease")
    ConnectionFactory(action=action, end_user=person, expired=True)
    AuthorizationAttempt.objects.create(
        action=action,
        state_hash="hidden-state-hash",
        session_hash="hidden-session-hash",
        verifier="hidden-verifier",
        client_id="our-client",
        expires_at=own.expires_at,
    )
    OperationCall.objects.create(
        app=app,
        action=action,
        connection=own,
        end_user=person,
        provider="jira",
        operation="createIssue",
        method="POST",
        request={"headers": {"Authorization": "Bearer hidden-bearer"}, "body": {"summary": "Printer"}},
        response={"body": "access_token=hidden-access-9"},
    )


def addresses() -> list[str]:
    found = [JIRA, f"{JIRA}?tab=instructions", "/admin/apps/helpdesk/actions/", f"{JIRA}delete/", f"{JIRA}disable/"]
    for model in (Action, AuthorizationProfile, Connection, OperationCall, AuthorizationAttempt):
        name = model._meta.model_name
        try:
            found.append(reverse(f"admin:integrations_{name}_changelist"))
        except NoReverseMatch:
            continue
        for row in model._default_manager.all():
            found += [reverse(f"admin:integrations_{name}_{page}", args=[row.pk]) for page in ("change", "history")]
            if model is Connection:
                found.append(reverse("admin:integrations_connection_disconnect", args=[row.pk]))
    return found


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("part", ["developer", "superuser"])
def test_every_page_keeps_them_out_of_sight(sign_in: Callable[[str], Client], part: str) -> None:
    client = sign_in(part)
    for address in addresses():
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        page = response.content.decode()
        assert not [secret for secret in HIDDEN if secret in page], address


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("secret", ["hidden-access", "hidden-refresh"])
def test_no_search_finds_a_row_by_its_token(sign_in: Callable[[str], Client], secret: str) -> None:
    client = sign_in("superuser")
    for query in ({"q": secret}, {"access_token__startswith": "gAAAA"}):
        response = client.get("/admin/integrations/connection/", query, follow=True)
        assert "Ada Example" not in response.content.decode() or "e=1" in response.redirect_chain[-1][0]


@pytest.mark.usefixtures("everything")
def test_calls_show_what_was_sent_without_the_secrets_in_it(developer: Client) -> None:
    call = OperationCall.objects.get()
    page = developer.get(f"/admin/integrations/operationcall/{call.pk}/change/").content.decode()
    assert "Printer" in page
    assert "•••" in page


def test_attempts_have_no_page() -> None:
    assert not admin.site.is_registered(AuthorizationAttempt)
