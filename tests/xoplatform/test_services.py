"""The same installation on the services that larger ones use. `.ci/run` requires them; elsewhere these are skipped."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import services

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
#: Sends a job of the product and waits for the worker's answer, which travels by the database.
SEND = "from integrations.jobs import keep_alive as job; job.delay().get(timeout=60); print('answered')"


def environment(folder: Path, **changed: str) -> dict[str, str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("XO_", "DJANGO_"))}
    return {**environ, "XO_VAR_DIR": str(folder), "XO_SECRET_KEY": "services", **changed}


def manage(environ: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def database() -> Iterator[str]:
    """The address of a PostgreSQL database of this test alone."""
    server, name = os.environ["XO_TEST_POSTGRES_URL"], f"xo_test_{uuid.uuid4().hex[:12]}"
    services.main(["create-database", server, name])
    yield f"{server.rpartition('/')[0]}/{name}"
    services.main(["drop-database", server, name])


@pytest.mark.postgres
def test_an_installation_on_postgresql_is_set_up_once_and_kept(database: str, tmp_path: Path) -> None:
    environ = environment(tmp_path, XO_DATABASE_URL=database)
    assert "first account" in manage(environ, "setup")
    first = manage(environ, "setup", "--show")
    assert "first account" not in manage(environ, "setup")
    assert manage(environ, "setup", "--show") == first
    assert "admin" in first


@pytest.mark.parametrize(
    "variable",
    [
        pytest.param("XO_TEST_REDIS_URL", marks=pytest.mark.redis, id="redis"),
        pytest.param("XO_TEST_RABBITMQ_URL", marks=pytest.mark.rabbitmq, id="rabbitmq"),
    ],
)
def test_a_job_travels_through_the_broker_and_back(variable: str, tmp_path: Path) -> None:
    queue = f"xo-test-{uuid.uuid4().hex[:12]}"
    environ = environment(tmp_path, XO_BROKER_URL=os.environ[variable], XO_QUEUE=queue)
    manage(environ, "migrate", "-v0")
    worker = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "xoplatform.celery",
            "worker",
            "--pool",
            "solo",
            "--loglevel",
            "WARNING",
        ],
        env=environ,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert "answered" in manage(environ, "shell", "-v0", "-c", SEND)
    finally:
        worker.terminate()
        worker.wait(timeout=30)
        services.delete_queue(os.environ[variable], queue)
