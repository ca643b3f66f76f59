from __future__ import annotations

import json

import pytest

from integrations.flows import traces


def test_a_short_body_is_kept_as_it_is() -> None:
    body = {"summary": "Grüße", "list": [1, None, True]}
    assert traces.shorten(body) is body


def test_a_long_body_is_kept_in_part() -> None:
    assert str(traces.shorten({"x": "y" * 20_000})).endswith("(20009 characters)")


@pytest.mark.parametrize("odd", ["a\x00b", "a\ud800b"])
def test_what_a_database_refuses_is_replaced(odd: str) -> None:
    kept = json.dumps(traces.shorten({"x": odd}))
    assert "u0000" not in kept
    assert "ud800" not in kept


def test_only_telling_headers_are_kept() -> None:
    headers = {"content-type": "x", "set-cookie": "secret", "x-ratelimit-limit": "1", "retry-after": "2"}
    assert set(traces.telling(headers)) == {"content-type", "x-ratelimit-limit", "retry-after"}
