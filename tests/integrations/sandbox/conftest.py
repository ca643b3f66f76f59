"""The stand-in inside the test's own process, and somebody who uses it."""

from __future__ import annotations

import pytest

from integrations.sandbox.atlassian.app import create_app
from tests.integrations.sandbox.visitor import Visitor


@pytest.fixture
def visitor() -> Visitor:
    """Nobody yet: tests say whose consent and token they need."""
    app = create_app()
    app.testing = True
    return Visitor(app)
