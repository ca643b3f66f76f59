"""The bench of the vault still runs, subjects of other projects included; its figures are not looked at here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from .vault.subjects import TITLES

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long  # it starts six processes and as many databases; `make bench` runs them all

TINY = "--runs 1 --processes 1 --threads 3 --delay 0.05 --lead 0.2 --due 4 --due-delay 0 --parallel 2 --idle 20"

SQLITE = {name: value for name, value in os.environ.items() if name != "XO_BENCH_POSTGRES_URL"}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Any:
    found: Path = tmp_path_factory.mktemp("bench") / "figures.json"
    command = [sys.executable, "-m", "tests.benchmarks", "vault", "--json", str(found), *TINY.split()]
    done = subprocess.run(command, capture_output=True, text=True, env=SQLITE, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(found.read_text())["vault"]["SQLite"]


@pytest.mark.parametrize("subject", TITLES)
def test_every_subject_renews_what_is_due(figures: Any, subject: str) -> None:
    row = figures["due"][subject]
    assert (row["requests"], row["errors"], row["in_time"]) == (4, 0, 4)


@pytest.mark.parametrize("subject", ["floor", "xo"])
def test_callers_who_ask_at_once_are_served_by_one_request(figures: Any, subject: str) -> None:
    row = figures["callers"][subject]
    assert (row["requests"], row["errors"], row["kept"]) == (1, 0, 1)


def test_idle_connections_are_not_read(figures: Any) -> None:
    row = figures["idle"]
    assert (row["rows_read"], row["scans"]) == (0, 0)
    assert row["renewals"] <= row["connections"]
