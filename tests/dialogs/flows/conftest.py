from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.dialogs.loopback import Loopback
from tests.factories import ConnectionFactory, EndUserFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xoplatform.models import App, EndUser


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
