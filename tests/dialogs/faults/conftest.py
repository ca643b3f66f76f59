from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialogs.flows.install import install
from dialogs.flows.publish import publish
from integrations.flows import configure
from tests.integrations.grants import Grants
from tests.sandbox import CLIENT_ID, CLIENT_SECRET, sandbox, sandbox_process

from .killing import death_watching
from .talking import TEMPLATES, Talk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.conf import LazySettings

    from tests.sandbox import Sandbox

__all__ = ["sandbox", "sandbox_process"]


@pytest.fixture
def talk(sandbox: Sandbox, settings: LazySettings, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    """An App with the five templates, published, and a grant for the stand-in Atlassian."""
    settings.XO_BASE_URL = "http://127.0.0.1:8000"
    settings.XO_ATLASSIAN_AUTH_URL = settings.XO_ATLASSIAN_API_URL = sandbox.url
    settings.XO_JIRA_CLIENT_ID, settings.XO_JIRA_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    action = Grants(sandbox).connect().action
    configure.enable(action)
    for name in TEMPLATES:
        publish(install(action.app, "jira", name))
    with death_watching(monkeypatch) as death:
        yield Talk(action.app, sandbox, death)
