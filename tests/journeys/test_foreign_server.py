"""Whole journeys over HTTP and the real job queue, against an authorization server that is not ours."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.foreign.clients import CLIENTS
from tests.foreign.running import consent, running
from tests.sandbox import start

from . import stack
from .demo import JIRA, Demo, expect, sign_in_of
from .mailbox import links_to
from .visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.proof
ADA, PEOPLE_APP = "Ada Ames", "/admin/apps/people-desk"


@dataclass(frozen=True)
class Stage:
    """A stack whose four settings for Atlassian name the foreign server."""

    environment: dict[str, str]
    foreign: str
    sandbox: str


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with ExitStack() as clean:
        process, sandbox = start()
        clean.callback(process.wait, timeout=10)
        clean.callback(process.terminate)
        port = stack.free_port()
        foreign = clean.enter_context(running(sandbox, f"http://localhost:{port}/oauth/callback/"))
        asked = {
            "XO_PORT": str(port),
            "XO_JIRA_CLIENT_ID": "foreign-system",
            "XO_JIRA_CLIENT_SECRET": CLIENTS["foreign-system"],
            "XO_ATLASSIAN_AUTH_URL": foreign,
            "XO_ATLASSIAN_API_URL": foreign,
            "XO_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
            "XO_EMAIL_URL": "mailbox://",
        }
        yield Stage(clean.enter_context(stack.running(asked)), foreign, sandbox)


class Journey(Demo):
    """The demo's steps, with the consent page of the foreign server."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.environment["XO_BASE_URL"], stage.sandbox, sign_in_of(stage.environment))
        self.stage = stage

    def authorize(self, card: str = "system", profile: str = "") -> str:
        self.visitor.open(f"{JIRA}/?tab=authorization")
        press_authorize(self.visitor, card=card, profile=profile)
        allow(self.visitor, self.stage, "ada")
        expect(f"Authorized as {ADA}" in self.visitor.page.text, self._lost("Authorize"))
        return f"authorized through {card}"

    def profile(self) -> str:
        """Create New with the provider's values, of which only client and addresses are typed; its id."""
        page = self.visitor.open(f"{JIRA}/profiles/new/")
        button = next(name for form in self.visitor.forms() for name in form.buttons if name.startswith("Save"))
        page = self.visitor.press(
            button,
            name="Foreign",
            type="oauth2",
            client_id="foreign-custom",
            client_secret=CLIENTS["foreign-custom"],
            authorization_url=f"{self.stage.foreign}/authorize",
            token_url=f"{self.stage.foreign}/oauth/token",
            refresh_url=f"{self.stage.foreign}/oauth/token",
        )
        found = re.search(r'<option value="(\d+)"[^>]*>Foreign', page.text)
        assert found, page.text
        return found.group(1)


def press_authorize(visitor: Visitor, **choices: str) -> None:
    buttons = {name for form in visitor.forms() for name in form.buttons}
    button = "Authorize again" if "Authorize again" in buttons else "Authorize"
    visitor.press(button, edition="developer", authorization_type="pre_authorize", method="oauth", **choices)


def allow(visitor: Visitor, stage: Stage, person: str) -> None:
    """Signs in at the foreign server, allows, and comes back."""
    asked = [page.url for page in visitor.page.history if page.url.startswith(f"{stage.foreign}/authorize?")]
    assert asked, f"the browser was not sent to the server: {visitor.page.url}\n{visitor.page.text[:3000]}"
    visitor.open(consent(visitor.session, asked[-1], person))


def test_with_system_an_issue_is_created_by_chat(stage: Stage) -> None:
    journey = Journey(stage)
    for step in (journey.enter, journey.authorize, journey.enable, journey.install, journey.publish, journey.create):
        step()


def test_with_custom_a_profile_of_its_own_takes_over_and_work_goes_on(stage: Stage) -> None:
    journey = Journey(stage)
    journey.enter()
    journey.authorize("custom", journey.profile())
    assert "through “Foreign”" in journey.visitor.page.text
    for step in (journey.enable, journey.install, journey.publish):
        step()
    for step in (journey.create, journey.read, journey.update, journey.delete):
        step()


def test_refresh_now_renews_with_rotation_again_and_again(stage: Stage) -> None:
    journey = Journey(stage)
    for step in (journey.enter, journey.authorize, journey.enable, journey.install, journey.publish):
        step()
    page = journey.visitor.open(f"{JIRA}/?tab=authorization")
    connection = re.search(r'href="([^"]+)">Open the connection', page.text)
    assert connection
    for _round in range(3):
        journey.visitor.open(connection.group(1))
        page = journey.visitor.press("Refresh now")
        assert "the connection holds a new access token" in page.text, page.text
    journey.create()


def test_each_person_connects_an_account_of_their_own_by_the_mailed_link(stage: Stage) -> None:
    staff = Journey(stage)
    staff.enter()
    add_app_with_person(staff.visitor, "ben@example.com")
    staff.visitor.open(f"{PEOPLE_APP}/actions/jira/?tab=authorization")
    choices = {"edition": "developer", "authorization_type": "allow_users", "method": "oauth", "card": "system"}
    page = staff.visitor.press("Enable…", **choices)
    assert "sends a link to 1 person" in page.text
    staff.visitor.press("Enable")

    ben = Visitor(stage.environment["XO_BASE_URL"])
    (link,) = links_to(stage.environment, "ben@example.com")
    ben.open(link)
    ben.press("Continue to Atlassian")
    allow(ben, stage, "ben")
    site = re.search(r'name="site" value="([^"]+)" required><span><strong>globex', ben.page.text)
    assert site, ben.page.text
    page = ben.press("Yes, connect", site=site.group(1))
    assert "Connected as Ben Brook · site globex" in page.text
    assert "already been used" in Visitor().open(link).text


def add_app_with_person(visitor: Visitor, address: str) -> None:
    visitor.open("/admin/xoplatform/app/add/")
    visitor.press("Save", name="People desk", slug="people-desk", locale="en", time_zone="UTC", identity_rule="off")
    visitor.open("/admin/xoplatform/enduser/add/")
    app = re.search(r'<option value="(\d+)"[^>]*>People desk', visitor.page.text)
    values = {"app": app.group(1)} if app else {}
    visitor.press("Save", external_id="channel-ben", name="Ben Brook", email=address, **values)
    assert "was added" in visitor.page.text, visitor.page.text
