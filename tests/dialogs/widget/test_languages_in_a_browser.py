"""The widget in a browser: it speaks the language of its element or page, and English where that cannot be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import expect

from dialogs.widget.script import FILE
from dialogs.widget.translations import FOLDER
from tests.chromium import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

SERVER = "https://chat.example"
PAGE = """<!doctype html><html lang="{page}"><meta name="viewport" content="width=device-width"><title>Shop</title>
<script src="https://chat.example/widget/v1/xo-chat.js" defer></script>
<xo-chat app="desk" token-url="/token" layout="{layout}" lang="{element}"></xo-chat></html>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone that reaches our script and our words, and nothing else. A script that fails on it fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    found = context.new_page()
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.route("**/*", lambda route: route.abort())
    found.route(f"{SERVER}/widget/v1/xo-chat.js", lambda route: route.fulfill(path=str(finders.find(FILE))))
    found.route(f"{SERVER}/widget/v1/words/*.json", _words)
    yield found
    context.close()
    assert errors == []


def _words(route: Route) -> None:
    path = FOLDER / route.request.url.rpartition("/")[2]
    headers = {"Access-Control-Allow-Origin": "*"}
    route.fulfill(body=path.read_bytes() if path.exists() else b"{}", headers=headers, content_type="application/json")


def show(page: Page, language: str = "en", *, element: str = "", layout: str = "") -> None:
    html = PAGE.format(page=language, element=element, layout=layout)
    page.route("https://shop.example/", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("https://shop.example/")


def test_it_speaks_the_language_of_the_page(page: Page) -> None:
    show(page, "de-AT")
    expect(page.get_by_placeholder("Nachricht schreiben")).to_be_visible()


def test_the_elements_own_language_goes_before_the_pages(page: Page) -> None:
    show(page, "de", element="fr")
    expect(page.get_by_placeholder("Écrivez un message")).to_be_visible()


def test_it_changes_with_the_elements_language(page: Page) -> None:
    show(page, "de")
    expect(page.get_by_placeholder("Nachricht schreiben")).to_be_visible()
    page.evaluate("document.querySelector('xo-chat').lang = 'es'")
    expect(page.get_by_placeholder("Escriba un mensaje")).to_be_visible()


@pytest.mark.parametrize("language", ["ja", "", "en-GB"])
def test_it_speaks_english_where_it_does_not_know_the_language(language: str, page: Page) -> None:
    show(page, language)
    expect(page.get_by_placeholder("Type a message")).to_be_visible()


def test_it_speaks_english_where_the_words_cannot_be_had(page: Page) -> None:
    page.route(f"{SERVER}/widget/v1/words/*.json", lambda route: route.abort())
    show(page, "de")
    expect(page.get_by_placeholder("Type a message")).to_be_visible()


def test_words_of_the_pages_own_go_first(page: Page) -> None:
    show(page, "de")
    page.evaluate("document.querySelector('xo-chat').words = { placeholder: 'Frag uns' }")
    expect(page.get_by_placeholder("Frag uns")).to_be_visible()
    expect(page.get_by_role("button", name="Senden")).to_be_visible()


def test_a_page_that_opens_it_while_the_words_are_under_way_finds_it_open(page: Page) -> None:
    show(page, "de", layout="bubble")
    page.evaluate("(chat => { chat.lang = 'fr'; chat.open(); })(document.querySelector('xo-chat'))")
    expect(page.get_by_placeholder("Écrivez un message")).to_be_visible()


def test_nothing_of_it_is_wider_than_a_phone(page: Page) -> None:
    show(page, "de")
    expect(page.get_by_placeholder("Nachricht schreiben")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
