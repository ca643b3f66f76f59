"""Conversations over several processes that share a database: none crossed, none lost, none doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest


def measure(*options: str) -> dict[str, Any]:
    """The figures of a run in which nothing was that must not be."""
    command = [sys.executable, "-m", "tests.load.conversations", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def all_is_well(figures: dict[str, Any], conversations: int) -> None:
    assert figures["turns"] == conversations * 5
    assert figures["deliveries"] > figures["turns"], "no message was delivered twice"
    assert [figures[kind] for kind in ("crossed", "lost", "doubled")] == [0, 0, 0]


@pytest.mark.proof
def test_interleaved_conversations_stay_apart() -> None:
    all_is_well(measure("--conversations", "60", "--processes", "2", "--twice", "0.3"), 60)


@pytest.mark.postgres
def test_interleaved_conversations_stay_apart_on_postgresql() -> None:
    server = os.environ["XO_TEST_POSTGRES_URL"]
    all_is_well(measure("--conversations", "60", "--processes", "4", "--twice", "0.3", "--database", server), 60)
