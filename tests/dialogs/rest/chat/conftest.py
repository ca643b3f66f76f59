from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialogs.flows import threads
from dialogs.flows.publish import publish
from tests.api import client_of
from tests.dialogs.factories import task
from tests.dialogs.samples import greeting
from xoplatform.models import Scope

from .talking import Channel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rest_framework.test import APIClient

    from xoplatform.models import App, EndUser


@pytest.fixture(autouse=True)
def _no_threads_left() -> Iterator[None]:
    yield
    threads.close()


@pytest.fixture
def api(app: App) -> APIClient:
    """A channel's program."""
    return client_of(app, [Scope.CHAT])


@pytest.fixture
def channel(api: APIClient, app: App, person: EndUser) -> Channel:
    """It talks to an App that greets."""
    publish(task(app, greeting()))
    return Channel(api, app, person)
