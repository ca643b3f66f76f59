"""The journey in a real browser: by keyboard, on a phone, in the dark, with nothing for axe-core to find."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from integrations.flows import links
from integrations.models import Action, Connection
from tests.chromium import chromium
from tests.factories import EndUserFactory
from tests.integrations.visits import Visit, personal_action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.conf import LazySettings
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

    from tests.sandbox import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
#: Fonts are there, and colours that fade from one scheme to the other have arrived.
SETTLED = """async () => {
  await document.fonts.ready;
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  await Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => null)));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


class Screen:
    """One browser window, and what it is looked at for."""

    def __init__(self, browser: Browser, sandbox: Sandbox, server: str) -> None:
        self.browser, self.sandbox, self.server = browser, sandbox, server
        self.page: Page = self.window()
        self.refused: list[str] = []

    def window(self, size: dict[str, int] | None = None, scheme: str = "light") -> Page:
        context = self.browser.new_context(viewport=size or PHONE, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.on("console", lambda said: self.refused.append(said.text) if said.type == "error" else None)
        return page

    def look(self, name: str) -> None:
        """Nothing for axe-core to find in either scheme and size; kept as pictures where that is asked for."""
        for size, where in ((PHONE, "phone"), (DESKTOP, "desktop")):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme)
                self.page.evaluate(SETTLED)
                found = Axe().run(self.page)
                assert found.violations_count == 0, found.generate_report()
                wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
                assert not wide, f"{name} scrolls sideways on a {where}"
                if folder := os.environ.get("XO_TEST_PICTURES"):
                    self.page.screenshot(
                        path=Path(folder) / f"i3-authorize-{name}-{where}-{scheme}.png", full_page=True
                    )
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    def press(self, name: str) -> None:
        """By keyboard, so that whatever cannot be reached with it fails."""
        button = self.page.get_by_role("button", name=name, exact=True)
        for _ in range(40):
            self.page.keyboard.press("Tab")
            if button.evaluate("element => element === document.activeElement"):
                with self.page.expect_navigation():
                    self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"{name} cannot be reached by keyboard")

    def consent(self, person: str, *sites: str, accept: bool = True) -> None:
        self.page.get_by_role("button", name=f"Continue as {person}").click()
        for site in sites:
            self.page.locator(f"input[name=site][value={site}]").check()
        self.page.get_by_role("button", name="Accept" if accept else "Cancel").click()
        self.page.wait_for_url(f"{self.server}/**")

    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()


@pytest.fixture
def screen(browser: Browser, atlassian: Sandbox, live_server: LiveServer, settings: LazySettings) -> Iterator[Screen]:
    settings.XO_BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    atlassian.set_callback(f"{live_server.url}/oauth/callback/")
    made = Screen(browser, atlassian, live_server.url)
    yield made
    assert not [text for text in made.refused if "Content Security Policy" in text]
    for context in browser.contexts:
        context.close()


def visit(screen: Screen, **more: Any) -> Visit:
    more.setdefault("action", personal_action(app__name="Helpdesk Bot"))
    made = Visit(screen.sandbox, **more)
    screen.page.goto(made.address)
    return made


def test_a_person_connects_an_account_by_keyboard(screen: Screen) -> None:
    made = visit(screen)
    screen.look("ask")
    screen.press("Continue to Atlassian")
    screen.consent("Ada Ames")
    assert screen.heading() == "Connect Ada Ames · site acme?"
    screen.look("confirm")
    screen.press("Yes, connect")
    assert screen.heading() == "Connected as Ada Ames · site acme"
    screen.look("done")
    assert Connection.objects.get().end_user == made.end_user


def test_the_address_of_the_link_reaches_nobody(screen: Screen) -> None:
    told: list[str] = []
    screen.page.on("request", lambda request: told.append(request.headers.get("referer", "")))
    made = visit(screen)
    token = urlsplit(made.address).path.split("/")[2]
    screen.press("Continue to Atlassian")
    screen.consent("Ada Ames")
    screen.press("Yes, connect")
    assert screen.heading().startswith("Connected")
    assert told
    assert not [referer for referer in told if token in referer]


def test_of_several_sites_one_is_chosen(screen: Screen) -> None:
    visit(screen)
    screen.press("Continue to Atlassian")
    screen.consent("Ben Brook", "acme", "globex")
    screen.look("sites")
    screen.page.get_by_label("globex").check()
    screen.press("Yes, connect")
    assert screen.heading() == "Connected as Ben Brook · site globex"


def test_a_denied_consent_and_the_links_page_after_it(screen: Screen) -> None:
    made = visit(screen)
    screen.press("Continue to Atlassian")
    screen.consent("Ada Ames", accept=False)
    assert screen.heading() == "Access was not allowed"
    screen.look("denied")
    screen.page.goto(made.address)
    screen.look("ask-again")
    screen.press("No, thanks")
    screen.look("declined")


def test_a_code_for_the_chat(screen: Screen) -> None:
    visit(screen, channel="chat")
    screen.press("Continue to Atlassian")
    screen.consent("Ada Ames")
    screen.press("Yes, connect")
    assert "type this code in your chat" in screen.heading()
    screen.look("code")


def test_an_account_blocked_by_an_administrator_leaves_a_link_that_explains(screen: Screen) -> None:
    made = visit(screen)
    screen.press("Continue to Atlassian")
    screen.page.get_by_role("button", name="Continue as Ivy Iles").click()
    screen.page.locator("input[name=site][value=umbrella]").check()
    screen.page.get_by_role("button", name="Accept").click()
    assert "Your site admin must authorize this app" in screen.page.content()
    screen.page.goto(made.address)
    screen.page.get_by_text("nothing came back?").click()
    assert screen.page.get_by_text("an administrator of your site does not allow apps").is_visible()
    screen.look("waiting")


def test_links_that_are_closed(screen: Screen) -> None:
    made = visit(screen)
    links.revoke(made.link)
    screen.page.reload()
    screen.look("revoked")
    screen.press("Send me a new link")
    assert screen.heading() == "A new link is on its way"
    screen.look("sent")
    screen.page.goto(f"{screen.server}/authorize/no-such-link/")
    screen.look("unknown")


def test_a_warning_about_another_address(screen: Screen) -> None:
    action = personal_action(app__name="Helpdesk Bot", app__identity_rule="warn")
    visit(screen, action=action, end_user=EndUserFactory(app=action.app, email="grace@example.com"))
    screen.press("Continue to Atlassian")
    screen.consent("Ada Ames")
    screen.look("doubt")


def test_an_api_token_is_asked_for_in_a_form_with_labels(screen: Screen) -> None:
    visit(screen, action=personal_action(app__name="Helpdesk Bot", method=Action.Method.BASIC))
    screen.look("token")
    screen.page.get_by_label("Address of your JIRA site").fill("https://nowhere.example.org")
    screen.page.get_by_label("E-mail of your Atlassian account").fill("ada@example.com")
    screen.page.get_by_label("API token").fill("hidden-token")
    screen.press("Check and continue")
    assert screen.page.get_by_role("alert").is_visible()
    screen.look("token-refused")


def test_a_person_is_led_through_in_german_and_nothing_is_too_wide(screen: Screen) -> None:
    action = personal_action(app__name="Helpdesk Bot")
    made = visit(
        screen,
        action=action,
        end_user=EndUserFactory(app=action.app, email="ada@example.com", locale="de"),
        channel="chat",
    )
    screen.look("ask-german")
    screen.press("Weiter zu Atlassian")
    screen.consent("Ada Ames")
    assert screen.heading() == "Ada Ames verbinden · Site acme?"
    screen.look("confirm-german")
    screen.press("Ja, verbinden")
    screen.look("code-german")
    screen.press("Nicht verbinden")
    screen.look("declined-german")
    links.revoke(made.link)
    screen.page.goto(made.address)
    screen.look("revoked-german")


def test_an_api_token_is_asked_for_in_german(screen: Screen) -> None:
    action = personal_action(app__name="Helpdesk Bot", method=Action.Method.BASIC)
    visit(screen, action=action, end_user=EndUserFactory(app=action.app, email="ada@example.com", locale="de"))
    screen.look("token-german")
