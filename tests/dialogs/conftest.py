from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.flows import bots
from tests.dialogs.loopback import Loopback
from tests.factories import AppFactory, ConnectionFactory, EndUserFactory, staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from xoplatform.models import App, EndUser


@pytest.fixture(autouse=True)
def fresh_graphs() -> Iterator[None]:
    """A rolled-back test gives the ids of its versions away again, which never happens outside of tests."""
    bots.forget()
    yield
    bots.forget()


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look for a lost call does not wait between its tries."""
    monkeypatch.setattr("integrations.flows.transport.pause", lambda _seconds: None)


@pytest.fixture
def app(db: None) -> App:
    created: App = AppFactory.create()
    return created


@pytest.fixture
def developer(app: App) -> Any:
    return staff(app)


@pytest.fixture
def signed_in(client: Client, developer: Any) -> Client:
    """A browser in which a developer of the App is signed in."""
    client.force_login(developer)
    return client


@pytest.fixture
def person(app: App) -> EndUser:
    created: EndUser = EndUserFactory.create(app=app)
    return created


@pytest.fixture
def provider(app: App, settings: Any) -> Iterator[Loopback]:
    """A provider on this machine, and the App's grant for it."""
    ConnectionFactory.create(action__app=app)
    with Loopback() as loopback:
        settings.XO_ATLASSIAN_API_URL = loopback.url
        yield loopback
