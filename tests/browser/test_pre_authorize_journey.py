"""J1 in Chromium: from an App without anything to an issue created by chatting."""

from __future__ import annotations

import re

import pytest
import requests
from playwright.sync_api import Page, expect

from .conftest import shoot

pytestmark = pytest.mark.browser
SUMMARY = "Printer on fire, seen in Chromium"


def test_a_new_user_authorizes_jira_installs_the_templates_and_creates_an_issue_by_chatting(
    staff: Page, running_stack: dict[str, str]
) -> None:
    jira_stands_under_available(staff)
    trial_is_refused(staff)
    authorize(staff)
    enable(staff)
    install_all(staff)
    proceed_to_the_canvas(staff)
    talk(staff)
    held = requests.get(f"{running_stack['XO_SANDBOX_URL']}/_sandbox/issues", timeout=10).json()
    assert [issue["summary"] for issue in held if issue["summary"] == SUMMARY] == [SUMMARY]


def jira_stands_under_available(page: Page) -> None:
    page.goto("/admin/apps/demo/")
    page.get_by_role("link", name="Actions").first.click()
    expect(page.get_by_text("Nothing is connected yet")).to_be_visible()
    shoot(page, "01-actions-available")
    page.get_by_role("link", name="JIRA").first.click()
    shoot(page, "02-instructions")
    page.get_by_role("link", name="Authorization", exact=True).click()


def trial_is_refused(page: Page) -> None:
    page.get_by_label("Trial").check()
    expect(page.get_by_role("alert").filter(has_text="Trial")).to_be_visible()
    expect(page.get_by_role("button", name="Authorize", exact=True)).to_be_disabled()
    shoot(page, "03-trial-refused")


def authorize(page: Page) -> None:
    page.get_by_label("Developer").check()
    expect(page.get_by_role("button", name="Enable")).to_be_disabled()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Authorize", exact=True).click()
    atlassian = opened.value
    atlassian.get_by_role("button", name="Continue as Ada Ames").click()
    shoot(page, "04-waiting")
    shoot(atlassian, "05-consent")
    atlassian.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Authorized as Ada Ames")).to_be_visible()
    expect(page.get_by_text("Site acme")).to_be_visible()
    shoot(page, "06-authorized")


def enable(page: Page) -> None:
    page.get_by_role("button", name="Enable").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("JIRA is enabled")).to_be_visible()
    shoot(page, "07-integration-successful")
    dialog.get_by_role("link", name="Explore Templates").click()


def install_all(page: Page) -> None:
    page.get_by_role("button", name="Install all").click()
    expect(page.get_by_role("link", name="Go to Dialog")).to_have_count(10, timeout=60_000)
    shoot(page, "08-templates-installed")
    page.get_by_role("link", name="Actions").first.click()
    expect(page.get_by_text("Pre-authorized as Ada Ames")).to_be_visible()
    shoot(page, "09-actions-configured")


def proceed_to_the_canvas(page: Page) -> None:
    page.go_back()
    page.locator("article", has_text="Create an Issue").get_by_role("link", name="Go to Dialog").click()
    shoot(page, "10-go-to-dialog")
    page.get_by_role("link", name="Proceed").click()
    graph = page.get_by_label("Dialog graph")
    for title in ("Create an Issue", "Project key", "Summary", "Issue type"):
        expect(graph.get_by_text(title, exact=True).first).to_be_visible()
    shoot(page, "11-canvas")


def talk(page: Page) -> None:
    page.get_by_role("button", name="Talk to Bot").click()
    message = page.get_by_placeholder("Type a message")
    conversation = page.get_by_label("Conversation")
    for text, answer in (
        ("create an issue", "project"),
        ("DEMO", "sum"),
        (SUMMARY, "type"),
        ("Task", "DEMO-"),
    ):
        message.fill(text)
        message.press("Enter")
        expect(conversation.get_by_text(re.compile(answer, re.IGNORECASE)).last).to_be_visible()
        expect(page.get_by_label("Send")).to_be_visible()
    expect(conversation.get_by_role("link", name=re.compile("browse.DEMO-"))).to_be_visible()
    shoot(page, "12-issue-created")
    page.get_by_text("Debug", exact=True).click()
    shoot(page, "13-debug")
