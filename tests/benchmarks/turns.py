"""A dialog turn as a multiple of a hand-written floor in the same run.

Subjects take turns, so that a noisy neighbour hits all alike; each figure is the median of the rounds.
"""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from itertools import product
from statistics import median
from typing import TYPE_CHECKING, Any

from .places import databases, environment, migrate, peers, python_of
from .stub import provider
from .web import measure as measure_web

if TYPE_CHECKING:
    import argparse

TITLES = {
    "floor": "hand-written floor",
    "bare": "bare Django loop",
    "langgraph": "LangGraph",
    "botframework": "Bot Framework, Python",
    "xo": "XO Platform",
    "xo-api": "XO Platform, its API",
}
#: Behind HTTP alone.
DOORS = ("xo-api",)

#: In-process, their one event loop takes one turn after the other, so that several at once cost what one does.
ONE_LOOP = ("botframework",)


def in_process(subject: str, variables: dict[str, str], conversations: int) -> dict[str, Any]:
    command = [python_of(subject), "-m", "tests.benchmarks.subject", subject, str(conversations)]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def run(options: argparse.Namespace) -> dict[str, Any]:
    figures: dict[str, Any] = defaultdict(list)
    subjects = ("floor", "bare", *peers(), "xo", *DOORS)
    with databases() as found, provider() as stub:
        for name, database in found.items():
            migrate(environment("xo", database, stub))
            for _ in range(options.rounds):
                for subject, at_once in product(subjects, sorted({1, max(1, options.at_once)})):
                    variables = environment(subject, database, stub, at_once=at_once)
                    many = f", {at_once} at once" if at_once > 1 else ""
                    for door, measure in {"in-process": in_process, "over HTTP": measure_web}.items():
                        alone = subject in DOORS or (at_once > 1 and subject in ONE_LOOP)
                        if alone and measure is in_process:
                            continue
                        found_here = measure(subject, variables, options.conversations)
                        figures[f"{name}, {door}{many}/{subject}"].append(found_here)
    return {key: {k: median(row[k] for row in rows) for k in rows[0]} for key, rows in figures.items()}


def report(figures: dict[str, Any]) -> None:
    places = dict.fromkeys(key.rpartition("/")[0] for key in figures)
    for place in places:
        rows = {subject: figures[f"{place}/{subject}"] for subject in TITLES if f"{place}/{subject}" in figures}
        print(f"{place}: CPU per turn")
        for subject, row in rows.items():
            floor, bare = row["cpu_us"] / rows["floor"]["cpu_us"], row["cpu_us"] / rows["bare"]["cpu_us"]
            print(f"  {TITLES[subject]:<22} {row['cpu_us']:8.0f} µs   {floor:5.1f} × floor   {bare:5.2f} × bare Django")
        if "queries" in rows["xo"]:
            cost = rows["xo"]
            print(f"  {cost['queries']:.1f} queries and {cost['commits']:.2f} commits per turn,", end=" ")
            print(f"{cost['bytes'] / 1000:.1f} kB stored per conversation of five turns")
        print()
