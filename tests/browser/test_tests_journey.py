"""A conversation becomes a test, holds publishing up, travels in a file, and is found again by its trace."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.dialogs.samples import greeting

from .conftest import shoot
from .desk import arrange, run
from .test_conversation_journey import say

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

#: Puts a document in place of an App's dialog of the same name, or makes it.
DRAW = """
import json
from dialogs.flows.author import create_task, replace_draft
from dialogs.models import DialogTask
from xoplatform.models import App
app, document = App.objects.get(slug="tests-desk"), json.loads({given!r})
task = DialogTask.objects.filter(app=app, name=document["name"]).first()
print(replace_draft(task, document) if task else create_task(app, document).pk)
"""


def test_a_conversation_holds_publishing_up_when_it_goes_otherwise(
    staff: Page, running_stack: dict[str, str], tmp_path: Path
) -> None:
    app = arrange(running_stack, "tests-desk", "Tests desk")
    draw(running_stack, "Nice to meet you")
    record(staff, app)
    draw(running_stack, "Welcome")
    publish_anyway(staff, app)
    try_again(staff, app)
    carry_in_a_file(staff, app, tmp_path)
    find_the_trace(staff, app)


def draw(environment: dict[str, str], words: str) -> None:
    run(environment, DRAW.format(given=json.dumps(greeting(words=words))))


def look(page: Page, name: str) -> None:
    """Nothing scrolls sideways, axe-core finds nothing on what is ours, and a picture is taken."""
    shoot(page, name)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{name} scrolls sideways"
    found = Axe().run(page, context=".xo-page")
    assert found.violations_count == 0, found.generate_report()


def record(page: Page, app: str) -> None:
    page.goto(f"{app}/talk/")
    say(page, "say hello")
    expect(page.get_by_text("What is your name?")).to_be_visible()
    say(page, "Ada")
    expect(page.get_by_text("Nice to meet you, Ada.")).to_be_visible()
    page.get_by_role("button", name="Record as test").click()
    page.get_by_role("link", name="Open the test").click()
    page.get_by_role("button", name="Save and run").click()
    expect(page.get_by_text("“say hello” passed")).to_be_visible()
    look(page, "70-test")


def publish_anyway(page: Page, app: str) -> None:
    page.goto(f"{app}/dialogs/")
    page.get_by_role("link", name="Greet", exact=True).click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_text("expected “Nice to meet you, Ada.”, got “Welcome, Ada.”")).to_be_visible()
    shoot(page, "71-test-failed")
    page.get_by_role("button", name="Publish anyway").click()
    expect(page.get_by_text("Version 1 is published")).to_be_visible()
    page.goto(f"{app}/dialogs/tests/")
    expect(page.get_by_text("Failed")).to_be_visible()
    look(page, "72-tests")


def try_again(page: Page, app: str) -> None:
    page.goto(f"{app}/talk/")
    page.get_by_role("button", name="Try again").last.click()
    expect(page.get_by_placeholder("Type a message")).to_have_value("Ada")
    say(page, "Bob")
    expect(page.get_by_text("Welcome, Bob.")).to_be_visible()


def carry_in_a_file(page: Page, app: str, folder: Path) -> None:
    page.goto(f"{app}/dialogs/transfer/")
    look(page, "73-export-and-import")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    file = folder / "tests-desk.yaml"
    download.value.save_as(file)
    file.write_text(file.read_text().replace("Welcome,", "Good to see you,"))
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="See what it changes").click()
    expect(page.get_by_text("Nothing has been changed yet")).to_be_visible()
    page.get_by_text("What changes:").click()
    expect(page.get_by_text(re.compile("Good to see you")).first).to_be_visible()
    look(page, "74-import-report")
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("0 new, 1 replaced, 0 deleted")).to_be_visible()
    page.goto(f"{app}/dialogs/versions/")
    page.get_by_role("link", name="Compare with draft").click()
    expect(page.locator('.lc-node[data-state="changed"]')).to_have_count(1)
    look(page, "75-compare")


def find_the_trace(page: Page, app: str) -> None:
    page.goto(f"{app}/traces/")
    page.get_by_label("Text").fill("Welcome, Bob")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("row")).to_have_count(2)
    look(page, "76-traces")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_role("heading", name="“Bob”")).to_be_visible()
    look(page, "77-trace")
    page.get_by_role("link", name="Conversation", exact=True).click()
    expect(page.get_by_text("Welcome, Bob.")).to_be_visible()
