"""Two hundred callers in four processes, one token that has just ended: one request, one new token for everybody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

SLOW = [pytest.param(13.0, marks=pytest.mark.proof), pytest.param(40.0, marks=pytest.mark.proof)]


def callers(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.faults.one_refresh", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    figures: dict[str, Any] = json.loads(done.stdout)
    print(figures)
    return figures


def expect_one_for_all(figures: dict[str, Any]) -> None:
    assert figures["hung"] == []
    assert figures["requests"] == 1, "the token was spent more than once"
    assert (figures["answers"], figures["tokens"], figures["errors"]) == (200, 1, [])
    assert figures["outcomes"] == ["renewed"]


@pytest.mark.parametrize("delay", [0.2, *SLOW])
def test_one_request_serves_two_hundred_callers(delay: float) -> None:
    """In *strict*, where a second use of the token would end the grant."""
    expect_one_for_all(callers("--delay", str(delay)))


@pytest.mark.postgres
@pytest.mark.parametrize("delay", [3.0, *SLOW])
def test_on_postgresql_nothing_is_open_or_locked_while_the_provider_is_slow(delay: float) -> None:
    figures = callers("--delay", str(delay), "--database", os.environ["XO_TEST_POSTGRES_URL"])
    expect_one_for_all(figures)
    assert figures["number"] > 1
    assert figures["watched"] > delay / 2
    assert figures["held"] < figures["watched"] / 2, (
        "a transaction was open, or a row locked, while the provider was slow"
    )


def test_who_has_one_second_hears_so_in_time_and_the_new_token_is_stored_all_the_same() -> None:
    figures = callers("--delay", "10", "--budget", "1", "--processes", "2", "--threads", "5")
    assert figures["hung"] == []
    assert (figures["failed"], figures["errors"]) == (10, ["RefreshBusy"])
    assert figures["longest"] < 8.0, "they waited for the provider"
    assert (figures["requests"], figures["generation"], figures["outcomes"]) == (1, 2, ["renewed"])
