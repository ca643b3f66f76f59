"""Short forms of the measurement, on every broker, and the whole of it on the embedded defaults."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests import services

from .vault import UNDER_WAY

if TYPE_CHECKING:
    from collections.abc import Iterator


def measure(*options: str, patience: float) -> dict[str, Any]:
    """The figures of a run in which nothing was that must not be."""
    command = [sys.executable, "-m", "tests.load.vault", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=patience, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)  # noqa: T201 -- the figures, for whoever asks pytest for them
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def all_is_well(figures: dict[str, Any], number: int) -> None:
    """Each was renewed in time, and asked for once, but for those whose worker was killed meanwhile."""
    assert figures["renewed"] == figures["stored_and_current"] == number
    assert figures["refreshed_twice"] <= UNDER_WAY
    assert figures["requests"] == number + figures["refreshed_twice"]
    assert 0 < figures["killed_after"] < number
    assert figures["least_time_left_s"] > 0


@pytest.mark.long
def test_two_thousand_tokens_that_end_in_one_minute_are_renewed_although_a_worker_is_killed() -> None:
    figures = measure("--connections", "2000", patience=900)
    all_is_well(figures, 2000)
    # The small Apps are through long before the large one.
    assert (
        figures["small_apps_done_after_s"] - figures["begins_after_s"]
        < (figures["wall_s"] - figures["begins_after_s"]) / 2
    )


@pytest.fixture
def database() -> Iterator[str]:
    """The address of a PostgreSQL database of this test alone."""
    server, name = os.environ["XO_TEST_POSTGRES_URL"], f"xo_test_{uuid.uuid4().hex[:12]}"
    services.main(["create-database", server, name])
    yield f"{server.rpartition('/')[0]}/{name}"
    services.main(["drop-database", server, name])


@pytest.mark.postgres
@pytest.mark.parametrize(
    "variable",
    [
        pytest.param("XO_TEST_REDIS_URL", marks=pytest.mark.redis, id="redis"),
        pytest.param("XO_TEST_RABBITMQ_URL", marks=pytest.mark.rabbitmq, id="rabbitmq"),
    ],
)
def test_several_workers_renew_each_token_once_although_one_is_killed(variable: str, database: str) -> None:
    broker, queue = os.environ[variable], f"xo-test-{uuid.uuid4().hex[:12]}"
    services_of_its_own = ("--database", database, "--broker", broker, "--queue", queue)
    try:
        figures = measure("--connections", "200", "--no-clock", *services_of_its_own, patience=180)
    finally:
        services.delete_queue(broker, queue)
    all_is_well(figures, 200)
