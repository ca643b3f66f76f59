"""The canvas as a person uses it: the palette, the panel, the chat beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def add(page: Page, kind: str, name: str, title: str) -> None:
    """Adds a node behind what is chosen, and gives it a title and a name."""
    page.get_by_role("button", name=f"Add {kind}", exact=True).click()
    title_field = page.get_by_role("textbox", name="Title", exact=True)
    expect(title_field).to_have_value("")
    title_field.fill(title)
    page.get_by_role("button", name=re.compile("change it$")).click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("button", name=f"Name {name}, change it")).to_be_visible()


def node(page: Page, name: str) -> Locator:
    """A node on the canvas, by its name."""
    return page.locator(f'.react-flow__node[data-id="{name}"]')


def choose(page: Page, name: str) -> None:
    """Chooses a node as one does who finds it by its name."""
    search = page.get_by_label("Find nodes by name, property or variable")
    search.fill(name)
    search.press("Enter")
    expect(page.get_by_role("button", name=f"Name {name}, change it")).to_be_visible()
    search.fill("")


def say_text(page: Page, words: str, *texts: str) -> None:
    """Fills a list of texts, such as prompts, from its beginning."""
    for number, text in enumerate(texts, 1):
        page.get_by_role("button", name=f"Add to {words}").click()
        page.get_by_role("textbox", name=f"{words.capitalize()} {number}").fill(text)


def operation(page: Page, provider: str, name: str) -> None:
    """Picks what a service node calls."""
    page.get_by_label("Provider", exact=True).select_option(value=provider)
    page.get_by_label("Operation", exact=True).select_option(value=name)


def write_code(page: Page, label: str, code: str) -> None:
    """Into a code editor of the panel, all at once as from the clipboard."""
    editor = page.get_by_role("textbox", name=label, exact=True).and_(page.locator(".cm-content"))
    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(code)


def connect(page: Page, to: str) -> None:
    """Gives the chosen node its plain way on."""
    page.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_role("combobox", name="Connection 1 goes on to").select_option(label=to)


def saved(page: Page) -> None:
    """Waits until the server has everything."""
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def talk(page: Page, *talk: tuple[str, str]) -> None:
    """Says each and waits for an answer that has the other words in it."""
    message = page.get_by_placeholder("Type a message")
    conversation = page.get_by_label("Conversation")
    for text, answer in talk:
        message.fill(text)
        message.press("Enter")
        expect(conversation.get_by_text(re.compile(answer)).last).to_be_visible()
        expect(page.get_by_label("Send")).to_be_visible()
