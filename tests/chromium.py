"""Chromium for tests, and nothing of it left behind when they are done."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests import services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ARGUMENTS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for the tests of one file or folder, never of a whole run.

    Playwright's event loop counts as running in this thread until the block ends. So long Django would refuse its
    database to every test that comes, of whatever file; it is told not to, since nothing here is asynchronous.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=services.browser(), args=ARGUMENTS)
            yield browser
            browser.close()
