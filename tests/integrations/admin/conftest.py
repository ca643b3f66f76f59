from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import ActionFactory, AppFactory, ConnectionFactory
from xoplatform.models import App, Member, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from integrations.models import Connection
    from tests.sandbox import Sandbox

JIRA = "/admin/apps/helpdesk/actions/jira/"
CHOICES = {"edition": "developer", "authorization_type": "pre_authorize", "method": "oauth", "card": "system"}


@pytest.fixture
def app(db: None) -> App:
    found: App = AppFactory(name="Helpdesk", slug="helpdesk")
    return found


@pytest.fixture
def sign_in(app: App) -> Callable[[str], Client]:
    """A signed-in client by part: owner, developer, viewer, stranger or superuser."""

    def client_of(part: str) -> Client:
        user, _made = User.objects.get_or_create(
            username=part, defaults={"is_staff": True, "is_superuser": part == "superuser"}
        )
        if part in Role.values:
            Member.objects.get_or_create(app=app, user=user, defaults={"role": part})
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def developer(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("developer")


@pytest.fixture
def viewer(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("viewer")


@pytest.fixture
def connected(app: App) -> Connection:
    """JIRA enabled, pre-authorized as Ada Example for the site acme."""
    found: Connection = ConnectionFactory(action=ActionFactory(app=app, enabled=True), account_email="ada@example.com")
    return found


class Journey:
    """A developer's way through the pages, with the provider's own pages in between."""

    def __init__(self, client: Client, sandbox: Sandbox) -> None:
        self.client = client
        self.sandbox = sandbox

    def press_authorize(self, **choices: Any) -> Any:
        return self.client.post(f"{JIRA}authorize/", {**CHOICES, **choices})

    def authorize(self, *, person: str = "ada", sites: Sequence[str] = ("acme",), accept: bool = True) -> Any:
        """To the provider and back; the page that the browser then shows."""
        there = self.press_authorize()
        assert there.status_code == 302, there.content
        back = urlsplit(self.sandbox.consent(there["Location"], person=person, sites=sites, accept=accept))
        return self.client.get(f"{back.path}?{back.query}", follow=True)

    def page(self) -> str:
        return self.client.get(JIRA).content.decode()


@pytest.fixture
def journey(developer: Client, atlassian: Sandbox) -> Journey:
    return Journey(developer, atlassian)
