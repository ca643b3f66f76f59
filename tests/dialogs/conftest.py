from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.flows import bots
from tests.factories import AppFactory, staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from xoplatform.models import App


@pytest.fixture(autouse=True)
def fresh_graphs() -> Iterator[None]:
    """A rolled-back test gives the ids of its versions away again, which never happens outside of tests."""
    bots.forget()
    yield
    bots.forget()


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
