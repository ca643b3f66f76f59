"""What every test may ask for, and the rule for tests that need a service: required means fail, else skip."""

from __future__ import annotations

import pytest

from . import services


def pytest_sessionstart(session: pytest.Session) -> None:
    """Ends the run at once when a required service is missing, so that nothing is skipped in silence."""
    if hasattr(session.config, "workerinput"):
        return
    missing = [trouble for name in sorted(services.required()) if (trouble := services.trouble_with(name))]
    if missing:
        pytest.exit("Required by XO_REQUIRE, but " + "; ".join(missing), returncode=3)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for name in services.VARIABLES:
            if item.get_closest_marker(name) and (trouble := services.trouble_with(name)):
                item.add_marker(pytest.mark.skip(reason=trouble))
