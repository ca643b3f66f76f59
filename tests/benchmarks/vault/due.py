"""2,000 connections that expire within one minute are renewed before they do."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

    from .crew import Crew
    from .endpoint import Provider

#: The minute begins so many seconds after the rows are there.
AHEAD = 30.0
MINUTE = 60.0


def measure(processes: Crew, provider: Provider, options: argparse.Namespace) -> dict[str, Any]:
    """Wall clock and CPU in seconds of the one process that renews, and how many were renewed, refused and late."""
    size = options.due
    chance = random.Random(size)
    begin = time.time() + AHEAD
    expiries = {number: begin + chance.uniform(0, MINUTE) for number in range(1, size + 1)}
    # One more, already over, to warm up with.
    processes.first(do="prepare", grants=[*expiries.items(), [size + 1, time.time() - 1]])
    provider.begin(options.mode, 0.0)
    processes.first(do="warm", grant=size + 1)
    provider.begin(options.mode, options.due_delay)
    figures = processes.first(do="renew_due", grants=size, threads=options.parallel)
    told = provider.told()
    in_time = [number for number, end in expiries.items() if told["renewed_at"].get(str(number), end) < end]
    return {
        "wall": figures["wall"],
        "cpu": figures["cpu"],
        "errors": sum(figures["errors"].values()),
        "kinds": figures["errors"],
        "requests": sum(told["requests"].values()),
        "revoked": len(told["revoked"]),
        "in_time": len(in_time),
        "due": size,
    }
