"""A walk through everything that handles secrets: each way to authorize, each trouble on the way, every page."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import requests

from .demo import APP, JIRA, Demo, expect, sign_in_of
from .failing import HEADER
from .mailbox import links_to
from .visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PERSON = "ben@example.com"
HREF = re.compile(r'href="(/admin/[^"?#]+/)(?:[?#][^"]*)?"')
LIST = re.compile(r"/admin/(?!apps/)\w+/\w+/$")
#: Such pages show what belongs to the App that was opened last.
BY_APP = re.compile(r"/admin/(integrations|dialogs)/\w+/$")
#: Rows of each list whose pages are opened.
ROWS = 2
OTHERS = ["/admin/integrations/auditentry/export/", "/metrics", "/health/ready", "/health/work", "/health/live"]


class Walk(Demo):
    """The demo's steps and many more, of visitors whose answers are all noted. ``typed`` is what was typed in."""

    def __init__(self, environment: Mapping[str, str], listen: Callable[..., requests.Response]) -> None:
        super().__init__(environment["XO_BASE_URL"], environment["XO_SANDBOX_URL"], sign_in_of(dict(environment)))
        self.environment, self.listen = environment, listen
        self.typed: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.apps: list[str] = []
        self.watch(self.visitor)

    def watch(self, visitor: Visitor) -> Visitor:
        visitor.session.hooks["response"].append(self.listen)
        return visitor

    def go(self) -> None:
        """Raises DemoError or LookupError at the first step that fails."""
        for step in (self.enter, self.authorize, self.enable, self.install, self.publish, self.create, self.list_all):
            step()
        for further in (self.refresh, self.custom, self.basic, self.people, self.crash, self.look_everywhere):
            further()

    def refresh(self) -> None:
        """Refresh now, once with an answer that is none, once with a cut connection, once as it should be."""
        page = self.visitor.open(f"{JIRA}/?tab=authorization")
        connection = re.search(r'href="([^"]+)">Open the connection', page.text)
        if connection is None:
            raise LookupError(self._lost("Open the connection"))
        for kind in ("not_json", "half", ""):
            if kind:
                self.order("faults", kind=kind, on="token.refresh")
            self.visitor.open(connection.group(1))
            page = self.visitor.press("Refresh now")
            requests.delete(f"{self.sandbox_url}/_sandbox/faults", timeout=10).raise_for_status()
        expect("the connection holds a new access token" in page.text, self._lost("Refresh now"))

    def custom(self) -> None:
        """A profile whose secret is wrong, and one whose secret is right."""
        app, secret = self.add_app("custom-desk"), secrets.token_urlsafe(32)
        callback = f"{self.environment['XO_BASE_URL']}/oauth/callback/"
        self.order("clients", client_id="of-our-own", client_secret=secret, callback_url=callback)
        for name, typed in (("Mistyped", secrets.token_urlsafe(32)), ("Right", secret)):
            profile = self.add_profile(app, name, typed)
            self.visitor.open(f"{app}/actions/jira/?tab=authorization")
            self.consent(authorization_type="pre_authorize", card="custom", profile=profile)
            expect((f"Authorized as {'Ada Ames'}" in self.visitor.page.text) == (name == "Right"), self._lost(name))

    def add_profile(self, app: str, name: str, typed: str) -> str:
        self.typed.append(("client_secret", typed))
        self.visitor.open(f"{app}/actions/jira/profiles/new/")
        button = next(button for form in self.visitor.forms() for button in form.buttons if button.startswith("Save"))
        page = self.visitor.press(button, name=name, type="oauth2", client_id="of-our-own", client_secret=typed)
        found = re.search(rf'<option value="(\d+)"[^>]*>{name}', page.text)
        expect(found, self._lost(button))
        return found.group(1) if found else ""

    def basic(self) -> None:
        """An API token that is wrong, and one that is right."""
        app = self.add_app("basic-desk")
        right = self.order("api-tokens", person="ada").json()["token"]
        for typed in (secrets.token_urlsafe(32), right):
            self.typed.append(("api_token", typed))
            self.visitor.open(f"{app}/actions/jira/?tab=authorization")
            page = self.visitor.press(
                "Check and connect",
                edition="developer",
                authorization_type="pre_authorize",
                method="basic",
                site_url=f"{self.sandbox_url}/site/acme",
                email="ada@example.com",
                token=typed,
            )
        expect("is authorized as" in page.text, self._lost("Check and connect"))

    def people(self) -> None:
        """A link by mail, used; the person's own pages included."""
        app = self.add_app("people-desk", PERSON)
        self.visitor.open(f"{app}/actions/jira/?tab=authorization")
        choices = {"edition": "developer", "authorization_type": "allow_users", "method": "oauth", "card": "system"}
        self.visitor.press("Enable…", **choices)
        self.visitor.press("Enable")
        self.links = links_to(self.environment, PERSON)
        ben = self.watch(Visitor(self.environment["XO_BASE_URL"]))
        ben.open(self.links[0])
        ben.press("Continue to Atlassian")
        ben.press("Continue as Ben Brook")
        ben.press("Accept", site="acme")
        page = ben.press("Yes, connect")
        expect("Connected as Ben Brook" in page.text, f"the link led to {page.url}:\n{page.text[:2000]}")

    def crash(self) -> None:
        """Comes back from the provider while grants cannot be written."""
        app = self.add_app("crash-desk")
        self.visitor.open(f"{app}/actions/jira/?tab=authorization")
        self.ask(authorization_type="pre_authorize", card="system")
        self.visitor.session.headers[HEADER] = "yes"
        self.visitor.press("Accept", site="acme")
        del self.visitor.session.headers[HEADER]
        expect(self.visitor.page.status_code == 500, self._lost("Accept"))
        self.visitor.page.url = self.environment["XO_BASE_URL"]

    def look_everywhere(self) -> None:
        """Every page that the menus of each App lead to, lists with some of their rows, exports and measurements."""
        seen: set[str] = set()
        for app in (APP, *self.apps):
            self.visitor.open(f"{app}/")
            jira = f"{app}/actions/jira/"
            todo = ["/admin/", f"{jira}?tab=authorization", f"{jira}?tab=instructions", *OTHERS]
            seen = {address for address in seen if not (BY_APP.match(address) or address in todo)}
            while todo:
                if (address := todo.pop(0)) in seen:
                    continue
                seen.add(address)
                page = self.visitor.open(address)
                expect(page.status_code < 500 or address.startswith("/health/"), f"{address} crashed")
                todo += self._onward(address, page.text) if address.endswith("/") else []

    def _onward(self, address: str, page: str) -> Iterator[str]:
        """From the front page to the lists, from a list to its first rows, from a row to its history."""
        links = list(dict.fromkeys(HREF.findall(page)))
        if address == "/admin/":
            yield from (link for link in links if "logout" not in link)
        elif LIST.match(address):
            yield from [link for link in links if link.startswith(address) and link.endswith("/change/")][:ROWS]
        elif address.endswith("/change/"):
            yield from (link for link in links if link == urljoin(address, "../history/"))

    def _lost(self, button: str) -> str:
        """In words, since pages of the admin are long."""
        main = self.visitor.page.text.split("<main")[-1]
        main = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", main, flags=re.DOTALL)
        return f"{button} led to {self.visitor.page.url}: {' '.join(main.split())[:2000]}"

    def add_app(self, slug: str, person: str = "") -> str:
        """The address of a new App's pages; with one end user if an e-mail address is given."""
        self.visitor.open("/admin/xoplatform/app/add/")
        self.visitor.press("Save", name=slug, slug=slug, locale="en", time_zone="UTC", identity_rule="off")
        expect("was created" in self.visitor.page.text, self._lost("Save"))
        if person:
            page = self.visitor.open("/admin/xoplatform/enduser/add/")
            app = re.search(rf'<option value="(\d+)"[^>]*>{slug}', page.text)
            values = {"app": app.group(1)} if app else {}
            self.visitor.press("Save", external_id="channel-ben", name="Ben Brook", email=person, **values)
            expect("was added" in self.visitor.page.text, self._lost("Save"))
        self.apps.append(f"/admin/apps/{slug}")
        return self.apps[-1]

    def consent(self, **choices: str) -> None:
        """Authorize, and the consent to it."""
        self.ask(**choices)
        self.visitor.press("Accept", site="acme")

    def ask(self, **choices: str) -> None:
        """Authorize, up to the page that asks for consent."""
        there = {name for form in self.visitor.forms() for name in form.buttons}
        button = next(name for name in ("Authorize again", "Try again", "Authorize") if name in there)
        self.visitor.press(button, edition="developer", method="oauth", **choices)
        if "Choose the person" in self.visitor.page.text:
            self.visitor.press("Continue as Ada Ames")

    def order(self, what: str, **values: object) -> requests.Response:
        """Asks something of the sandbox's control API."""
        answer = requests.post(f"{self.sandbox_url}/_sandbox/{what}", json=values, timeout=10)
        answer.raise_for_status()
        return answer
