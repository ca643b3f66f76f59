"""J3 in Chromium, on a phone: three people get links; one denies, one has two sites, one's link has expired."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.mailbox import links_to

from .conftest import shoot
from .desk import arrange, consent, run

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.browser
ADA, BEN, DEE = "ada@people.example", "ben@people.example", "dee@people.example"
EXPIRE = """
from django.utils import timezone
from integrations.models import AuthorizationLink
rows = AuthorizationLink.objects.filter(end_user__email="%s")
print(rows.update(expires_at=timezone.now()))
"""


class Phones:
    """Each person's own phone: no account with us, nothing stored, signed in nowhere."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.contexts: list[BrowserContext] = []

    def another(self) -> Page:
        context = self.browser.new_context(base_url=self.address, viewport={"width": 390, "height": 844})
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        return context.new_page()


@pytest.fixture
def phones(browser: Browser, running_stack: dict[str, str]) -> Iterator[Phones]:
    found = Phones(browser, running_stack["XO_BASE_URL"])
    yield found
    for context in found.contexts:
        context.close()


def test_three_people_and_their_links(staff: Page, phones: Phones, running_stack: dict[str, str]) -> None:
    people = [("Ada Ames", ADA), ("Ben Brook", BEN), ("Dee Dow", DEE)]
    app = arrange(running_stack, "people-desk", "People desk", people)
    enable_for_everybody(staff, app)
    links = {address: links_to(running_stack, address)[0] for address in (ADA, BEN, DEE)}
    deny(phones.another(), links[ADA])
    choose_one_of_two_sites(phones.another(), links[BEN])
    come_too_late(phones.another(), links[DEE], running_stack)
    staff_sees_who_is_connected(staff, app)


def enable_for_everybody(page: Page, app: str) -> None:
    page.goto(f"{app}/actions/jira/")
    page.get_by_label("Developer").check()
    page.get_by_label("Allow users").check()
    page.get_by_label("System").check()
    shoot(page, "30-allow-users")
    page.get_by_role("button", name="Enable…").click()
    expect(page.get_by_text("sends a link to 3 people")).to_be_visible()
    shoot(page, "31-how-many-links")
    page.get_by_role("button", name="Enable", exact=True).click()
    expect(page.get_by_text("JIRA is enabled").first).to_be_visible()


def deny(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_contain_text("People desk asks for access")
    look(page, "32-phone-ask")
    page.get_by_role("button", name="Continue to Atlassian").click()
    consent(page, "Ada Ames", accept=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Access was not allowed")
    look(page, "33-phone-denied")


def choose_one_of_two_sites(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Continue to Atlassian").click()
    consent(page, "Ben Brook", "acme", "globex")
    look(page, "34-phone-two-sites")
    page.get_by_label("globex").check()
    page.get_by_role("button", name="Yes, connect").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connected as Ben Brook · site globex")
    look(page, "35-phone-connected")
    page.goto(link)
    expect(page.get_by_role("button", name="Continue to Atlassian")).to_have_count(0)
    look(page, "36-phone-used")


def come_too_late(page: Page, link: str, environment: dict[str, str]) -> None:
    assert run(environment, EXPIRE % DEE).strip() == "1"
    page.goto(link)
    look(page, "37-phone-expired")
    page.get_by_role("button", name="Send me a new link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A new link is on its way")
    fresh = links_to(environment, DEE, at_least=2)[-1]
    page.goto(fresh)
    page.get_by_role("button", name="Continue to Atlassian").click()
    consent(page, "Dee Dow")
    page.get_by_role("button", name="Yes, connect").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connected as Dee Dow · site acme")


def staff_sees_who_is_connected(page: Page, app: str) -> None:
    page.goto(f"{app}/actions/jira/")
    expect(page.get_by_text("2 of 3 people connected")).to_be_visible()
    shoot(page, "38-people-connected")
    page.get_by_role("link", name="Links sent", exact=True).click()
    expect(page.get_by_text(re.compile("Used")).first).to_be_visible()
    shoot(page, "39-links-sent")


def look(page: Page, name: str) -> None:
    """Nothing scrolls sideways, axe-core finds nothing, and a picture is taken."""
    shoot(page, name)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{name} scrolls sideways"
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
