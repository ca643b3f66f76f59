"""200 callers ask at once for the token of one connection that has just expired."""

from __future__ import annotations

import time
from collections import Counter
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

    from .crew import Crew
    from .endpoint import Provider


def measure(processes: Crew, provider: Provider, options: argparse.Namespace) -> dict[str, Any]:
    """Figures over all runs; each run has a connection of its own, and the processes stay."""
    runs, size = range(1, options.runs + 1), options.processes
    warm = [options.runs + 1 + number for number in range(size)]
    waits: list[float] = []
    errors: Counter[str] = Counter()
    requests, kept = [], 0
    expired = time.time() - 1
    processes.first(do="prepare", grants=[[number, expired] for number in [*runs, *warm]])
    provider.begin(options.mode, 0.0)
    processes.all([{"do": "warm", "grant": number} for number in warm])
    provider.begin(options.mode, options.delay)
    for run in runs:
        at = time.monotonic() + options.lead
        order = {"do": "ask", "grant": run, "threads": options.threads, "at": at}
        for answer in processes.all([order] * size):
            waits += answer["waits"]
            errors.update(answer["errors"])
        told = provider.told()
        requests.append(told["requests"].get(str(run), 0))
        # A grant lives on if it was not revoked and the token that is good now is the one that was kept.
        stored = processes.first(do="stored", grant=run)["number"]
        kept += run not in told["revoked"] and stored == told["newest"].get(str(run), 0)
    return {
        "requests": median(requests),
        "errors": errors.total() / len(requests),
        "kinds": dict(errors),
        "p50": median(waits),
        "p99": quantiles(waits, n=100)[98] if len(waits) > 1 else waits[0],
        "kept": kept,
        "runs": options.runs,
    }
