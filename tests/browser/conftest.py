"""A running stack and a Chromium that looks at it. Screenshots go to the ignored folder ``var/screenshots``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys import stack
from tests.services import browser as chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = Path(os.environ.get("XO_SCREENSHOTS") or ROOT / "var" / "screenshots")
ARGUMENTS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@pytest.fixture(scope="session")
def running_stack() -> Iterator[dict[str, str]]:
    """The environment of a stack of its own; it ends with the run."""
    with stack.running() as environment:
        yield environment


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, running_stack: dict[str, str]) -> Iterator[Page]:
    """A page of a fresh browser session. A script that fails on it fails the test."""
    context = browser.new_context(base_url=running_stack["XO_BASE_URL"], viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    found = context.new_page()
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(str(error)))
    yield found
    context.close()
    assert errors == []


@pytest.fixture
def staff(page: Page, running_stack: dict[str, str]) -> Page:
    """The same page with the first account signed in."""
    password = (Path(running_stack["XO_VAR_DIR"]) / "first-sign-in").read_text()
    page.goto("/")
    page.get_by_label("User name or e-mail").fill("admin")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    return page


def shoot(page: Page, name: str) -> None:
    """Takes a screenshot to be looked at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
