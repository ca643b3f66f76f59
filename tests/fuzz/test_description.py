"""Schemathesis holds the API to its own description: every check it has, single calls and chains, as every role."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from dialogs.flows import following
from xoplatform.rest import limits

from . import cast, configuration

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]

#: Cases per operation and phase; ``XO_FUZZ_EXAMPLES`` makes a longer run of it.
EXAMPLES = int(os.environ.get("XO_FUZZ_EXAMPLES", "1"))
#: ``XO_FUZZ_PHASES=coverage,fuzzing,stateful`` also goes through all limits of each field, which takes very long.
PHASES = os.environ.get("XO_FUZZ_PHASES", "fuzzing,stateful")
#: One seed makes a failure repeatable; ``XO_FUZZ_SEED`` takes another.
SEED = int(os.environ.get("XO_FUZZ_SEED", "20261129"))
#: Seconds after which a run has hung.
LONGEST = 1800


def marks_of(role: str) -> tuple[pytest.MarkDecorator, ...]:
    """All roles take minutes: `pytest -m "proof or long" tests/fuzz`; these two are always run."""
    return () if role in {"key", "person"} else (pytest.mark.long,)


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fuzzer asks more often than a person does, and cannot wait for the end of a stream."""
    monkeypatch.setattr(limits, "PERSON_LIMIT", 10**6)
    monkeypatch.setattr(limits, "STAFF_LIMIT", 10**6)
    monkeypatch.setattr(following, "LIFE", 0.2)


@pytest.fixture(autouse=True)
def _a_queue() -> None:
    """Jobs are queued as by the stack; nobody takes them."""
    options = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    for folder in ("data_folder_in", "control_folder"):
        if folder in options:
            Path(options[folder]).mkdir(parents=True, exist_ok=True)


@pytest.mark.parametrize("role", [pytest.param(role, marks=marks_of(role)) for role in cast.ROLES])
def test_the_api_keeps_to_its_description(role: str, live_server: LiveServer, tmp_path: Path) -> None:
    stage = cast.Stage()
    file = configuration.write(tmp_path / "schemathesis.toml", stage)
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(file), "run"),
        f"{live_server.url}/api/v1/openapi.json",
        *("--checks", "all", "--phases", PHASES, "--max-examples", str(EXAMPLES), "--seed", str(SEED), "--no-color"),
        *("--continue-on-failure", "--report-dir", str(tmp_path), *cast.EXCEPT.get(role, ())),
        *(part for header in stage.headers(role) for part in ("--header", header)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
