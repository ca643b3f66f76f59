"""An App, and a program with a key for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api import client_of
from tests.factories import AppFactory

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from xoplatform.models import App


@pytest.fixture
def app(db: None) -> App:
    return AppFactory(name="Helpdesk Bot", slug="helpdesk")


@pytest.fixture
def api(app: App) -> APIClient:
    return client_of(app)
