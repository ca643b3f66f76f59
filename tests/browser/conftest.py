"""A running stack and a Chromium that looks at it. Screenshots go to the ignored folder ``var/screenshots``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error

from tests.chromium import chromium
from tests.journeys import stack
from tests.journeys.evidence import WATCHED, Evidence, secrets_of

from .desk import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = Path(os.environ.get("XO_SCREENSHOTS") or ROOT / "var" / "screenshots")


@pytest.fixture(scope="package")
def desk_port() -> int:
    """Where a journey may put an agent desk: the one private address that the stack may call."""
    return stack.free_port()


@pytest.fixture(scope="package")
def widget_origin() -> str:
    """Where a journey may put a page that embeds the chat: the one origin that may call the API from a browser."""
    return f"http://localhost:{stack.free_port()}"


@pytest.fixture(scope="package")
def running_stack(desk_port: int, widget_origin: str) -> Iterator[dict[str, str]]:
    """The environment of a stack that all journeys of this folder share; none of them may have left a secret."""
    extra = {"XO_ALLOW_PRIVATE_HOSTS": f"127.0.0.1:{desk_port}", "XO_CORS_ORIGINS": widget_origin}
    with stack.running({**WATCHED, **extra}) as environment:
        yield environment
        # Where only some journeys were run, none of them may have sent a mail, and nothing to search is no proof.
        run(environment, "from django.core.mail import send_mail; send_mail('Seen', 'Seen', None, ['ada@example.com'])")
        seen = Evidence()
        seen.add_stack(environment)
        assert seen.leaks(secrets_of(environment)) == []


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser, running_stack: dict[str, str]) -> Iterator[Page]:
    """A page of a fresh browser session. A script that fails on it fails the test."""
    context = browser.new_context(base_url=running_stack["XO_BASE_URL"], viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    found = context.new_page()
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(error.stack or str(error)))
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
    path = SCREENSHOTS / f"{name}.png"
    try:
        page.screenshot(path=path)
    except Error:  # Chromium without a screen now and then has no frame to give; the page is judged by what follows
        page.screenshot(path=path)
