"""“Create an Issue” from an empty canvas: built, run, broken, mended by undo, published, rolled back."""

from __future__ import annotations

import json
import re

import pytest
import requests
from playwright.sync_api import Page, expect

from .board import add, choose, connect, node, operation, saved, say_text, talk, write_code
from .conftest import shoot
from .desk import arrange, authorize_as_ada

pytestmark = [pytest.mark.browser, pytest.mark.proof]  # a minute and a half

SUMMARY = "Built on the canvas, from nothing"
BODY = {
    "fields": {
        "project": {"key": "{{context.entities.projectKey}}"},
        "summary": "{{context.entities.summary}}",
        "issuetype": {"name": "Task"},
    }
}


def test_a_dialog_is_built_run_broken_mended_published_and_rolled_back(
    staff: Page, running_stack: dict[str, str]
) -> None:
    app = arrange(running_stack, "canvas-desk", "Canvas desk")
    jira_is_enabled(staff, app)
    a_canvas_opens_with_nothing_but_its_start(staff, app)
    build(staff)
    run(staff)
    held = requests.get(f"{running_stack['XO_SANDBOX_URL']}/_sandbox/issues", timeout=10).json()
    assert [issue["summary"] for issue in held if issue["summary"] == SUMMARY] == [SUMMARY]
    break_it_and_see_the_problem(staff)
    undo(staff)
    publish(staff, 1)
    change_and_publish_again(staff)
    roll_back(staff, app)
    look_at_it_in_the_dark(staff)


def jira_is_enabled(page: Page, app: str) -> None:
    page.goto(f"{app}/actions/jira/")
    page.get_by_label("Developer").check()
    authorize_as_ada(page)
    page.get_by_role("button", name="Enable").click()
    expect(page.get_by_role("dialog").get_by_text("JIRA is enabled")).to_be_visible()


def a_canvas_opens_with_nothing_but_its_start(page: Page, app: str) -> None:
    page.goto(f"{app}/dialogs/new/")
    page.get_by_label("Title").fill("Raise a ticket")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.locator(".react-flow__node-task")).to_have_count(1)
    shoot(page, "60-empty-canvas")


def build(page: Page) -> None:
    page.locator(".react-flow__node-task").click()
    say_text(page, "utterances", "raise a ticket with us", "something is broken")
    add(page, "Entity", "projectKey", "Project key")
    say_text(page, "prompts", "Which project is it for?")
    add(page, "Entity", "summary", "Summary")
    say_text(page, "prompts", "What is it about, in one sentence?")
    add(page, "Bot action", "createAction", "Create it in Jira")
    add(page, "Service", "siteService", "Find the site")
    operation(page, "jira", "getAccessibleSite")
    choose(page, "createAction")
    add(page, "Service", "createService", "Create the issue")
    operation(page, "jira", "createIssue")
    write_code(page, "Body", json.dumps(BODY, indent=2))
    shoot(page, "61-service-panel")
    choose(page, "createAction")
    add(page, "Message", "doneMessage", "Tell the key")
    say_text(page, "texts", "Created {{context.createService.response.body.key}}.")
    connect(page, "End of dialog")
    saved(page)
    expect(page.get_by_text("No problems")).to_be_visible()
    shoot(page, "62-built")


def run(page: Page) -> None:
    page.get_by_role("button", name="Close properties").click()
    page.get_by_role("button", name="Talk to Bot").click()
    talk(
        page,
        ("raise a ticket with us", "Which project"),
        ("DEMO", "in one sentence"),
        (SUMMARY, r"Created DEMO-\d+"),
    )
    expect(node(page, "doneMessage").locator(".dc-lit")).to_be_visible()
    shoot(page, "63-run-with-its-path")
    page.get_by_role("button", name="Close Talk to Bot").click()


def break_it_and_see_the_problem(page: Page) -> None:
    choose(page, "projectKey")
    node(page, "projectKey").press("Delete")
    saved(page)
    page.get_by_role("button", name=re.compile("problem")).click()
    problem = page.get_by_role("button", name=re.compile("There is no entity “projectKey”"))
    expect(problem).to_be_visible()
    shoot(page, "64-a-problem")
    problem.click()
    expect(page.get_by_role("button", name="Name createService, change it")).to_be_visible()
    expect(page.locator(".dc-field-problem").first).to_be_visible()


def undo(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Undo: Delete")).click()
    saved(page)
    expect(page.get_by_text("No problems")).to_be_visible()
    expect(node(page, "projectKey")).to_be_visible()


def publish(page: Page, number: int) -> None:
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name=f"Publish version {number}").click()
    expect(page.get_by_text(f"Version {number} is published")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text(f"published v{number}")).to_be_visible()


def change_and_publish_again(page: Page) -> None:
    choose(page, "doneMessage")
    page.get_by_role("textbox", name="Texts 1").fill("It is {{context.createService.response.body.key}}.")
    saved(page)
    expect(page.get_by_text("draft, differs from v1")).to_be_visible()
    publish(page, 2)


def roll_back(page: Page, app: str) -> None:
    canvas = page.url
    page.goto(f"{app}/dialogs/versions/")
    first = page.get_by_role("row").filter(has=page.get_by_role("link", name="v1", exact=True))
    first.get_by_role("link", name="Roll back").click()
    shoot(page, "65-roll-back")
    page.get_by_role("button", name="Roll back", exact=True).click()
    page.goto(canvas)
    expect(page.get_by_text("published v3")).to_be_visible()
    choose(page, "doneMessage")
    expect(page.get_by_role("textbox", name="Texts 1")).to_have_value(re.compile("^Created"))


def look_at_it_in_the_dark(page: Page) -> None:
    page.evaluate("document.documentElement.classList.add('dark')")
    choose(page, "createService")
    page.locator(".cm-content").first.wait_for()
    shoot(page, "66-canvas-dark")
