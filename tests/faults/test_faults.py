"""A random run in its short form with every suite, in a longer one with the proofs. The long one is run by hand."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def run(*arguments: str) -> None:
    """Runs the program, which prints its seed; what it prints is shown if a grant was lost."""
    command = [sys.executable, "-m", "tests.faults", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("profile", ["leeway", "strict"])
def test_no_grant_is_lost_that_could_have_been_kept(profile: str) -> None:
    run("--profile", profile, "--rounds", "18", "--seed", "1")


@pytest.mark.long
@pytest.mark.parametrize("profile", ["leeway", "strict"])
def test_no_grant_is_lost_in_an_order_that_nobody_has_seen(profile: str) -> None:
    run("--profile", profile, "--rounds", "18")


@pytest.mark.long
@pytest.mark.parametrize("profile", ["leeway", "strict"])
def test_no_grant_is_lost_in_two_hundred_rounds(profile: str) -> None:
    run("--profile", profile, "--rounds", "200")


@pytest.mark.postgres
@pytest.mark.parametrize("profile", ["leeway", "strict"])
def test_no_grant_is_lost_on_postgresql_whose_server_ends_connections(profile: str) -> None:
    run("--profile", profile, "--rounds", "60", "--database", os.environ["XO_TEST_POSTGRES_URL"])
