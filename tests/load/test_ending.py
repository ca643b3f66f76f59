"""Stopping the stack in order: a renewal that was asked is stored, and nothing else is waited for."""

from __future__ import annotations

import json
import subprocess
import sys

import honcho.manager
import pytest

from integrations.flows.refresh.times import DEADLINE
from xoplatform import stack  # with it, honcho's waiting time is set


def test_each_stage_of_the_end_leaves_time_for_the_one_inside_it() -> None:
    assert DEADLINE < stack.GRACE < honcho.manager.KILL_WAIT


@pytest.mark.alone
@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_renewal_under_way_is_stored_although_its_process_is_told_to_end(name: str) -> None:
    """The token endpoint takes eight seconds; the signal comes in the first of them."""
    command = [sys.executable, "-m", "tests.load.ending", name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["ended_after_s"] > 7
    assert told["stored"] == {"generation": 2, "current": True, "outcome": "renewed"}
    assert told["requests"] == 1
    assert told["idle_ended_after_s"] < 8
