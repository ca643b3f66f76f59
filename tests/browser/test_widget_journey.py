"""The chat in a page of another origin: talked to, authorized in a new tab, gone on by itself, there after a reload."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from examples import widget_page
from tests.dialogs.samples import creating, greeting

from .conftest import shoot
from .desk import consent, run
from .test_conversation_journey import allow_users

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.browser

#: Publishes dialogs, and prints a key that a site's server may hold.
PUBLISH = """
import json
from django.contrib.auth import get_user_model
from dialogs.flows.author import create_task
from dialogs.flows.publish import publish
from xoplatform import api_keys
from xoplatform.models import ApiKey, App, Member, Role
app, is_new = App.objects.get_or_create(slug="site-desk", defaults={{"name": "Site desk"}})
if is_new:
    Member.objects.create(app=app, user=get_user_model().objects.get(username="admin"), role=Role.OWNER)
    for document in json.loads({documents!r}):
        publish(create_task(app, document))
print(api_keys.create(app, f"website {{ApiKey.objects.count()}}", ["chat"])[1])
"""
SCHEMES: tuple[Literal["dark"], Literal["light"]] = ("dark", "light")


@pytest.fixture
def site(running_stack: dict[str, str], widget_origin: str) -> Iterator[str]:
    """The address of a page on another port, whose server holds a key; the App greets and creates issues."""
    documents = json.dumps([greeting(), creating()])
    key = run(running_stack, PUBLISH.format(documents=documents)).strip()
    person = {"external_id": "visitor-1", "name": "Ada Ames"}
    about = widget_page.Site(running_stack["XO_BASE_URL"], "site-desk", key, person)
    server = widget_page.serve(about, int(widget_origin.rsplit(":", 1)[1]))
    yield widget_origin
    server.shutdown()
    server.server_close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """Somebody who looks at the page; a script that fails on it, or a rule of its policy that is broken, fails."""
    context = browser.new_context(viewport={"width": 900, "height": 760})
    context.set_default_timeout(20_000)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert troubles == []


def test_a_visitor_chats_authorizes_and_comes_back(
    staff: Page, visitor: Page, site: str, running_stack: dict[str, str]
) -> None:
    allow_users(staff, "/admin/apps/site-desk")
    visitor.goto(site)
    chat = visitor.get_by_role("log", name="Conversation")
    expect(chat.get_by_text("Hello! What can I do for you?")).to_be_visible()
    say(visitor, "create an issue")
    expect(chat.get_by_text("What is it about?")).to_be_visible()
    say(visitor, "Printer on fire")
    link = chat.get_by_role("link", name="Authorize JIRA")
    expect(link).to_be_visible()
    look(visitor, "70-widget-asks")
    authorize_in_a_new_tab(visitor, link)
    expect(chat.get_by_text("Created: answered DEMO-")).to_be_visible()
    expect(link).to_be_hidden()
    visitor.reload()
    expect(chat.get_by_text("Created: answered DEMO-")).to_be_visible()
    expect(chat.get_by_text("Printer on fire")).to_have_count(1)
    look(visitor, "71-widget-done")
    visitor.set_viewport_size({"width": 390, "height": 844})
    look(visitor, "72-widget-phone")


def authorize_in_a_new_tab(page: Page, link: Locator) -> None:
    with page.expect_popup() as opened:
        link.click()
    tab = opened.value
    tab.get_by_role("button", name="Continue to Atlassian").click()
    consent(tab, "Ada Ames")
    tab.get_by_role("button", name="Yes, connect").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Connected as Ada Ames")
    tab.close()


def test_a_message_survives_a_lost_network(visitor: Page, site: str) -> None:
    visitor.goto(site)
    say(visitor, "say hello")
    chat = visitor.get_by_role("log", name="Conversation")
    expect(chat.get_by_text("What is your name?")).to_be_visible()
    visitor.context.set_offline(True)
    say(visitor, "Grace")
    expect(chat.get_by_role("alert")).to_contain_text("There is no connection")
    look(visitor, "73-widget-offline")
    visitor.context.set_offline(False)
    expect(chat.get_by_text("Nice to meet you, Grace.")).to_be_visible()
    expect(chat.get_by_role("alert")).to_have_count(0)


def test_staff_learn_how_to_embed_it_and_try_it(staff: Page, site: str) -> None:
    staff.goto("/admin/apps/site-desk/api/embed/")
    expect(staff.get_by_label("HTML for the page")).to_contain_text('<xo-chat app="site-desk"')
    expect(staff.get_by_text(site)).to_be_visible()
    say(staff, "say hello")
    expect(staff.get_by_role("log").get_by_text("What is your name?")).to_be_visible()
    for scheme in SCHEMES:
        # As the theme's own switch does it; the chat follows.
        staff.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", scheme == "dark")
        expect(staff.locator("xo-chat")).to_have_attribute("theme", scheme)
        shoot(staff, f"74-embed-{scheme}")
        found = Axe().run(staff, context=".xo-page")
        assert found.violations_count == 0, found.generate_report()


def say(page: Page, text: str) -> None:
    message = page.get_by_role("textbox", name="Message")
    message.fill(text)
    message.press("Enter")
    expect(message).to_have_value("")


def look(page: Page, name: str) -> None:
    """In light and dark: nothing scrolls sideways, axe-core finds nothing, and a picture is taken."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        shoot(page, f"{name}-{scheme}")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{name} scrolls sideways"
