"""The guide names every code that the API may answer."""

from __future__ import annotations

from tests import codes


def test_the_page_of_error_codes_is_what_the_errors_say() -> None:
    """Otherwise run ``python -m tests.codes``."""
    assert codes.PAGE.read_text() == codes.page()
