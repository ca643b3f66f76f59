from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integrations.flows import transport
from tests.factories import ConnectionFactory
from tests.loopback import serving

from .stand_in import Provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.conf import LazySettings

    from integrations.models import Connection


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[Provider]:
    stand_in = Provider()
    with serving(stand_in) as url:
        settings.XO_ATLASSIAN_API_URL = settings.XO_ATLASSIAN_AUTH_URL = url
        settings.XO_JIRA_CLIENT_ID, settings.XO_JIRA_CLIENT_SECRET = "sandbox-client", "sandbox-secret"
        yield stand_in


@pytest.fixture
def row() -> Connection:
    return ConnectionFactory()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that a call would have waited."""
    waited: list[float] = []
    monkeypatch.setattr(transport, "pause", waited.append)
    return waited
