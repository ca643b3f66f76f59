from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.integrations.visits import Visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox import Sandbox


class Person:
    """An end user with a link, and the browser it is opened in."""

    def __init__(self, sandbox: Sandbox, **visit: Any) -> None:
        self.visit = Visit(sandbox, **visit)
        self.sandbox = sandbox
        self.path = urlsplit(self.visit.address).path
        self.browser = Client()

    def open(self, browser: Client | None = None) -> Any:
        return (browser or self.browser).get(self.path)

    def press(self, button: str, browser: Client | None = None, **values: Any) -> Any:
        """Presses a button of the link's page, by the end of its address."""
        return (browser or self.browser).post(f"{self.path}{button}/", values)

    def consent(self, *, started: Any = None, **choices: Any) -> str:
        """Goes to the provider and decides there; the address that the browser is then sent to."""
        there = started or self.press("start")
        assert there.status_code == 302, there.content
        back = urlsplit(self.sandbox.consent(there["Location"], **choices))
        return f"{back.path}?{back.query}"

    def come_back(self, address: str, browser: Client | None = None) -> Any:
        return (browser or self.browser).get(address, follow=True)

    def consented(self, **choices: Any) -> Any:
        """The page after the provider's."""
        return self.come_back(self.consent(**choices))

    def answer(self, page: Any, button: str, **values: Any) -> Any:
        """Presses a button of the page after the provider's."""
        address = page.redirect_chain[-1][0]
        return self.browser.post(f"{address}{button}/", values, follow=True)


@pytest.fixture
def person(atlassian: Sandbox, db: None) -> Callable[..., Person]:
    """Makes people with links."""

    def make(**visit: Any) -> Person:
        return Person(atlassian, **visit)

    return make


def words(page: Any) -> str:
    return " ".join(page.content.decode().split())
