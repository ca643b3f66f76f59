"""J4 in Chromium: a dialog asks for authorization, the code is typed back, and the dialog goes on by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import shoot
from .desk import arrange, consent

pytestmark = pytest.mark.browser


def test_a_dialog_waits_for_consent_and_goes_on(staff: Page, running_stack: dict[str, str]) -> None:
    app = arrange(running_stack, "chat-desk", "Chat desk")
    allow_users(staff, app)
    staff.goto(f"{app}/actions/jira/templates/")
    staff.get_by_role("button", name="Install all").click()
    expect(staff.get_by_role("link", name="Go to Dialog")).to_have_count(10, timeout=60_000)
    staff.goto(f"{app}/talk/")
    say(staff, "get an issue by key")
    conversation = staff.get_by_label("Conversation")
    expect(conversation.get_by_text("What is the key of the issue?").last).to_be_visible()
    say(staff, "DEMO-1")
    link = conversation.locator('a[href*="/authorize/"]').first
    expect(link).to_be_visible()
    shoot(staff, "50-authorization-asked-for")
    say(staff, code_after_consent(staff, link.get_attribute("href") or ""))
    expect(conversation.get_by_text("Welcome new colleagues").last).to_be_visible()
    shoot(staff, "51-dialog-went-on")


def allow_users(page: Page, app: str) -> None:
    page.goto(f"{app}/actions/jira/")
    page.get_by_label("Developer").check()
    page.get_by_label("Allow users").check()
    page.get_by_role("button", name="Enable…").click()
    page.get_by_role("button", name="Enable", exact=True).click()
    expect(page.get_by_text("JIRA is enabled").first).to_be_visible()


def code_after_consent(page: Page, link: str) -> str:
    """The six characters that the person's page shows."""
    tab = page.context.new_page()
    tab.goto(link)
    tab.get_by_role("button", name="Continue to Atlassian").click()
    consent(tab, "Ada Ames")
    tab.get_by_role("button", name="Yes, connect").click()
    code = tab.locator(".xo-authorize-code").inner_text()
    shoot(tab, "52-code")
    tab.close()
    return code


def say(page: Page, text: str) -> None:
    message = page.get_by_placeholder("Type a message")
    message.fill(text)
    message.press("Enter")
    expect(message).to_have_value("")
    expect(page.get_by_label("Send")).to_be_visible()
