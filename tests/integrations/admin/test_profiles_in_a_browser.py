"""Profiles and API tokens in a real browser: what each type shows, and the way from Create New to Enable."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import expect

from integrations.models import AuthorizationProfile, Connection
from tests.chromium import chromium
from tests.factories import ActionFactory, ConnectionFactory
from xoplatform.models import Member, Role

from .conftest import JIRA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.conf import LazySettings
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

    from tests.sandbox import Sandbox
    from xoplatform.models import App

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def server(atlassian: Sandbox, settings: LazySettings, live_server: LiveServer) -> str:
    """The address of the product, with the stand-in behind it."""
    settings.XO_SANDBOX_URL = atlassian.url
    return str(live_server.url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, app: App, server: str, browser: Browser) -> Iterator[Page]:
    """A developer's window, in either scheme."""
    user = User.objects.create(username="dev", is_staff=True)
    Member.objects.create(app=app, user=user, role=Role.DEVELOPER)
    client = Client()
    client.force_login(user)
    context = browser.new_context(base_url=server, color_scheme=request.param, viewport={"width": 1280, "height": 900})
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": server}])
    opened = context.new_page()
    opened.set_default_timeout(8000)
    yield opened
    context.close()


def shot(page: Page, name: str) -> None:
    """Keeps a picture where XO_SHOTS says, for people to look at."""
    if folder := os.environ.get("XO_SHOTS"):
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        page.screenshot(path=Path(folder) / f"i3-{name}-{'dark' if dark else 'light'}.png", full_page=True)


def test_a_profile_is_created_in_its_place_and_tested(page: Page, atlassian: Sandbox) -> None:
    page.goto(JIRA)
    page.locator("input[name=edition][value=developer]").check()
    page.locator("input[name=card][value=custom]").check()
    page.get_by_role("link", name="Create New").click()
    page.get_by_label("Client ID").fill(atlassian.client_id)
    page.get_by_label("Authorization type").select_option("api_key")
    expect(page.get_by_label("Client ID")).to_be_hidden()
    expect(page.get_by_label("Check URL")).to_be_visible()
    shot(page, "profile-api-key")
    page.get_by_label("Authorization type").select_option("oauth2")
    expect(page.get_by_label("Client ID")).to_have_value(atlassian.client_id)
    expect(page.get_by_label("Base URL")).to_be_hidden()
    page.get_by_label("Subdomain").check()
    expect(page.get_by_label("Base URL")).to_be_visible()
    page.get_by_label("Subdomain").uncheck()
    page.get_by_role("button", name="Save Auth").click()
    expect(page.get_by_text("Client Secret is missing.")).to_be_visible()
    shot(page, "profile-missing-secret")
    page.get_by_label("Client Secret").fill(atlassian.client_secret)
    page.get_by_role("button", name="Save Auth").click()
    expect(page.get_by_text("Select it under Custom")).to_be_visible()
    expect(page.get_by_label("Select authorization")).to_have_value("")
    shot(page, "profile-saved")
    profile = AuthorizationProfile.objects.get()
    page.goto(f"/admin/integrations/authorizationprofile/{profile.pk}/change/")
    shot(page, "profile-change")
    page.get_by_role("link", name="Test", exact=True).click()
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_text("✓ The provider accepts the client ID and secret.")).to_be_visible()
    page.get_by_text("Response", exact=True).click()
    shot(page, "profile-tested")


def test_an_api_token_made_by_hand_authorizes(page: Page, atlassian: Sandbox) -> None:
    page.goto(f"{atlassian.url}/site/acme/tokens")
    page.get_by_role("button", name="Make token").click()
    token = page.locator("#token").inner_text()
    shot(page, "sandbox-token")
    page.goto(JIRA)
    page.locator("input[name=edition][value=developer]").check()
    page.locator("input[name=method][value=basic]").check()
    shot(page, "basic-empty")
    page.get_by_label("Site URL").fill(f"{atlassian.url}/site/acme/")
    page.get_by_label("Account e-mail").fill("ada@example.com")
    page.get_by_label("API token", exact=True).fill("wrong")
    page.get_by_role("button", name="Check and connect").click()
    expect(page.get_by_text("did not accept this e-mail and API token")).to_be_visible()
    shot(page, "basic-refused")
    page.get_by_label("API token", exact=True).fill(token)
    page.get_by_role("button", name="Check and connect").click()
    expect(page.get_by_text("✓ Authorized as Ada Ames")).to_be_visible()
    shot(page, "basic-connected")
    assert Connection.objects.get().kind == "basic"


def test_changing_the_client_of_a_profile_in_use_asks_first(page: Page, app: App) -> None:
    profile = AuthorizationProfile.objects.create(
        app=app,
        name="Ours",
        identity_provider="Atlassian",
        client_id="a",
        client_secret="hidden",
        authorization_url="https://auth.example.com/a",
        token_url="https://auth.example.com/t",
    )
    ConnectionFactory(action=ActionFactory(app=app, card="custom", profile=profile, enabled=True))
    page.goto(f"/admin/integrations/authorizationprofile/{profile.pk}/change/")
    page.get_by_label("Client ID").fill("b")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("JIRA in Helpdesk (1 connection)")).to_be_visible()
    shot(page, "profile-ending")
    page.get_by_label("Save all the same").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    profile.refresh_from_db()
    assert profile.client_id == "b"
