"""Channels that post through the API while processes die: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


@pytest.mark.postgres
@pytest.mark.redis
def test_channels_lose_nothing_while_web_and_worker_are_killed() -> None:
    command = [sys.executable, "-m", "tests.load.channels", "--seconds", "12", "--channels", "8"]
    command += ["--database", os.environ["XO_TEST_POSTGRES_URL"], "--broker", os.environ["XO_TEST_REDIS_URL"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert figures["killed"] == 2
    assert figures["sent_again"] > 0, "nobody was cut off, so nothing was shown"
    assert figures["messages"] >= 5 * figures["channels"]
