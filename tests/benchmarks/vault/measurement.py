"""The whole measurement of the vault: callers at once, many due at once, and the beat while nothing is due."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from tests.benchmarks.places import databases, environment, migrate

from . import callers, due
from .crew import crew
from .endpoint import token_endpoint
from .subjects import TITLES

if TYPE_CHECKING:
    import argparse

SETTINGS = "tests.benchmarks.vault.settings"
PARTS = ("callers", "due", "idle")


def add_options(group: Any) -> None:
    """The defaults take a few minutes for each database."""
    group.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    group.add_argument("--subjects", nargs="+", choices=TITLES, default=list(TITLES))
    group.add_argument("--mode", choices=["strict", "leeway"], default="strict", help="what a second use costs")
    group.add_argument("--runs", type=int, default=5, help="of the callers")
    group.add_argument("--processes", type=int, default=4)
    group.add_argument("--threads", type=int, default=50, help="callers of each process")
    group.add_argument("--delay", type=float, default=0.3, help="of the endpoint, in seconds, for the callers")
    group.add_argument("--lead", type=float, default=0.5, help="seconds to start the callers in, before they ask")
    group.add_argument("--due", type=int, default=2000, help="connections that expire within one minute")
    group.add_argument("--due-delay", type=float, default=0.1, help="of the endpoint, in seconds, for those due")
    group.add_argument("--parallel", type=int, default=16, help="requests at a time for those due")
    group.add_argument("--idle", type=int, default=100_000, help="connections that nobody uses")
    group.add_argument("--days", type=int, default=60, help="for which renewals of idle connections are counted")


def run(options: argparse.Namespace) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    with databases() as found, token_endpoint() as provider:
        for name, database in found.items():
            rows: dict[str, Any] = {part: {} for part in PARTS}
            migrate(environment("xo", database, provider.url, SETTINGS))
            for subject in options.subjects:
                print(f"{name}: {TITLES[subject]}", file=sys.stderr, flush=True)
                variables = environment(subject, database, provider.url, SETTINGS)
                variables["XO_REFRESHES_PER_HOST"] = str(options.parallel)
                with crew(subject, variables, options.processes) as processes:
                    if "callers" in options.parts:
                        rows["callers"][subject] = callers.measure(processes, provider, options)
                    if "due" in options.parts:
                        rows["due"][subject] = due.measure(processes, provider, options)
                    if "idle" in options.parts and subject == "xo":
                        rows["idle"] = processes.first(do="idle", connections=options.idle, days=options.days)
            figures[name] = {**rows, "options": {"delay": options.delay, "mode": options.mode}}
    return figures


def report(figures: dict[str, Any]) -> None:
    for name, rows in figures.items():
        if rows.get("callers"):
            _report_callers(name, rows["callers"], rows["options"])
        if rows.get("due"):
            _report_due(name, rows["due"])
        if rows.get("idle"):
            _report_idle(name, rows["idle"])


def _report_callers(place: str, rows: dict[str, Any], options: dict[str, Any]) -> None:
    print(f"{place}: callers of one token that has just expired; {options['mode']}, {options['delay']:g} s to answer")
    print(f"  {'':<24} requests   errors      p50      p99   grant alive")
    for subject, row in rows.items():
        print(f"  {TITLES[subject]:<24} {row['requests']:8.0f} {row['errors']:8.1f}", end=" ")
        print(f"{row['p50']:6.2f} s {row['p99']:6.2f} s   in {row['kept']} of {row['runs']} runs")
    print()


def _report_due(place: str, rows: dict[str, Any]) -> None:
    print(f"{place}: {next(iter(rows.values()))['due']} connections due at once")
    print(f"  {'':<24}      wall      CPU   requests   errors   in time   × floor's wall")
    floor = rows.get("floor", {}).get("wall")
    for subject, row in rows.items():
        times = f"{row['wall'] / floor:6.2f}" if floor else ""
        print(f"  {TITLES[subject]:<24} {row['wall']:7.1f} s {row['cpu']:6.1f} s   {row['requests']:8}", end=" ")
        print(f"{row['errors']:8} {row['in_time']:9}   {times}")
    print()


def _report_idle(place: str, row: dict[str, Any]) -> None:
    print(f"{place}: one beat beside {row['connections']} idle connections takes {row['beat_ms']:.1f} ms", end=", ")
    print(f"{row['statements']} statements, {row['rows_read']} rows read, {row['scans']} scans of the table.")
    print(f"  In {row['days']} days they are renewed {row['renewals']} times; hourly it were {row['hourly']}.\n")
