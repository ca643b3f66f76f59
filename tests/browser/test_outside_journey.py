"""A form on a phone, and a person at a desk, beside a conversation that goes on by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from examples.agent_desk import Desk
from tests.dialogs.waiting import filling, helping

from .conftest import shoot
from .desk import arrange, run
from .test_conversation_journey import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

#: Gives the App a dialog, as an author would have drawn it.
DRAW = """
import json
from dialogs.flows.author import create_task
from xoplatform.models import App
create_task(App.objects.get(slug={slug!r}), json.loads({document!r}))
"""
WIDTH, HEIGHT = 390, 844
SCHEMES: tuple[Literal["dark"], Literal["light"]] = ("dark", "light")


@pytest.fixture
def phone(browser: Browser, running_stack: dict[str, str]) -> Iterator[Page]:
    """The person's own device: nobody is signed in there."""
    context = browser.new_context(
        base_url=running_stack["XO_BASE_URL"], viewport={"width": WIDTH, "height": HEIGHT}, has_touch=True
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_a_form_is_filled_in_on_a_phone(staff: Page, phone: Page, running_stack: dict[str, str]) -> None:
    app = arrange(running_stack, "form-desk", "Form desk")
    dialog = filling()
    dialog["nodes"][1]["title"] = "Your report"
    run(running_stack, DRAW.format(slug="form-desk", document=json.dumps(dialog)))
    staff.goto(f"{app}/talk/")
    say(staff, "report it")
    conversation = staff.get_by_label("Conversation")
    link = conversation.get_by_role("link", name="Fill in Your report")
    expect(link).to_be_visible()
    shoot(staff, "60-form-asked-for")
    phone.goto(link.get_attribute("href") or "")
    shoot_both(phone, "61-form")
    send_it_empty_and_look_at_the_errors(phone)
    fill_it_in_with_the_keyboard(phone)
    expect(phone.get_by_role("heading", name="Sent, thank you")).to_be_visible()
    shoot_both(phone, "63-form-sent")
    expect(conversation.get_by_text("Got Printer on fire (Bug).")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("heading", name="This form has been sent")).to_be_visible()
    shoot_both(phone, "64-form-closed")


def send_it_empty_and_look_at_the_errors(page: Page) -> None:
    page.get_by_label("Details").fill("It burns.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("2 fields need another look")
    expect(page.get_by_label("What is it about?")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Details")).to_have_value("It burns.")
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    shoot_both(page, "62-form-errors")


def fill_it_in_with_the_keyboard(page: Page) -> None:
    page.get_by_role("alert").get_by_role("link", name="What is it about?").focus()
    page.keyboard.press("Enter")
    page.get_by_label("What is it about?").focus()
    page.keyboard.type("Printer on fire")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Bug")).to_be_checked()
    page.get_by_label("Details").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    page.keyboard.press("Enter")


def test_an_agent_takes_over_and_gives_it_back(staff: Page, running_stack: dict[str, str], desk_port: int) -> None:
    app = arrange(running_stack, "agent-desk", "Agent desk")
    run(running_stack, DRAW.format(slug="agent-desk", document=json.dumps(helping())))
    staff.goto(f"{app}/dialogs/outside/")
    staff.get_by_role("button", name="Make the secret").click()
    desk = Desk(staff.locator(".xo-copy code").inner_text(), show=lambda _line: None)
    shoot(staff, "65-signing-secret")
    server = desk.serve(desk_port)
    staff.get_by_label("Address").fill(f"http://127.0.0.1:{desk_port}/")
    staff.get_by_role("button", name="Save").click()
    staff.get_by_role("button", name="Send a test").click()
    expect(staff.get_by_text("The agent desk took the test").first).to_be_visible()
    shoot(staff, "66-agent-desk")
    talk_to(staff, app, desk)
    server.shutdown()
    server.server_close()


def talk_to(page: Page, app: str, desk: Desk) -> None:
    page.goto(f"{app}/talk/")
    conversation = page.get_by_label("Conversation")
    say(page, "get help")
    expect(conversation.get_by_text("What is wrong?").last).to_be_visible()
    say(page, "the printer burns")
    expect(conversation.get_by_text("You are now talking to a person").last).to_be_visible()
    say(page, "are you there?")
    expect(conversation.get_by_text("Passed on to the agent.")).to_be_visible()
    assert desk.chats[desk.latest].messages == ["are you there?"]
    assert desk.send(desk.latest, type="message", agent="Ada", text="Yes, on my way.") == 202
    expect(conversation.get_by_text("Yes, on my way.")).to_be_visible()
    expect(conversation.get_by_text("Ada writes:")).to_be_visible()
    shoot(page, "67-agent-writes")
    desk.send(desk.latest, type="return", agent="Ada", data={"note": "new toner"})
    expect(conversation.get_by_text("Solved: new toner")).to_be_visible()


def shoot_both(page: Page, name: str) -> None:
    """Screenshots in light and dark, and nothing for axe-core to find in either."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        shoot(page, f"{name}-{scheme}")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.emulate_media(color_scheme="light")
