"""J2 and J7 in Chromium: Custom with a profile made in place; disabled, enabled again, deleted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import shoot
from .desk import arrange, authorize_as_ada

pytestmark = pytest.mark.browser


def test_a_developer_authorizes_with_a_profile_of_the_apps_own(staff: Page, running_stack: dict[str, str]) -> None:
    app = arrange(running_stack, "custom-desk", "Custom desk")
    create_profile(staff, app, running_stack)
    select_and_authorize(staff)
    enable(staff)
    disable_and_enable_again(staff, app)
    delete(staff, app)


def create_profile(page: Page, app: str, environment: dict[str, str]) -> None:
    page.goto(f"{app}/actions/jira/")
    page.get_by_label("Developer").check()
    page.get_by_label("Custom").check()
    page.get_by_role("link", name="Create New").click()
    shoot(page, "20-create-new-profile")
    expect(page.get_by_label("Authorization URL")).to_have_value(f"{environment['XO_SANDBOX_URL']}/authorize")
    page.get_by_label("Name", exact=True).fill("Registration of our own")
    page.get_by_label("Client ID").fill(environment["XO_JIRA_CLIENT_ID"])
    page.get_by_label("Client Secret").fill(environment["XO_JIRA_CLIENT_SECRET"])
    page.get_by_role("button", name="Save Auth").click()
    expect(page.get_by_text("is saved. Select it under Custom, then authorize.")).to_be_visible()
    expect(page.get_by_label("Custom")).to_be_checked()
    expect(page.get_by_label("Select authorization")).to_have_value("")  # saving selects nothing
    shoot(page, "21-profile-saved")


def select_and_authorize(page: Page) -> None:
    page.get_by_label("Select authorization").select_option(label="Registration of our own")
    authorize_as_ada(page)
    expect(page.get_by_text("through “Registration of our own”")).to_be_visible()
    shoot(page, "22-custom-authorized")


def enable(page: Page) -> None:
    page.get_by_role("button", name="Enable", exact=True).click()
    expect(page.get_by_role("dialog").get_by_text("JIRA is enabled")).to_be_visible()
    page.get_by_role("dialog").get_by_role("link", name="Close").click()


def disable_and_enable_again(page: Page, app: str) -> None:
    page.goto(f"{app}/actions/jira/disable/")
    expect(page.get_by_text("The authorization is kept.")).to_be_visible()
    shoot(page, "23-disable")
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_text("Disabled").first).to_be_visible()
    page.goto(f"{app}/actions/jira/enable/")
    expect(page.get_by_text("nobody has to consent again")).to_be_visible()
    page.get_by_role("button", name="Enable").click()
    expect(page.get_by_text("Dialogs can use it again.")).to_be_visible()
    shoot(page, "24-enabled-again")


def delete(page: Page, app: str) -> None:
    page.goto(f"{app}/actions/jira/delete/")
    expect(page.get_by_text("This cannot be undone.")).to_be_visible()
    shoot(page, "25-delete")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Nothing is connected yet")).to_be_visible()
