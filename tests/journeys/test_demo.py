"""The demo is part of the suite: what `make demo` proves must stay true."""

from __future__ import annotations

import pytest

from . import stack
from .api_demo import ApiDemo
from .demo import Demo, sign_in_of
from .server import atlassian_elsewhere

pytestmark = pytest.mark.proof


def test_the_main_job_works_with_another_server_that_behaves_like_atlassians() -> None:
    """Only the four settings are given; the stack starts no sandbox of its own."""
    with atlassian_elsewhere() as (address, settings), stack.running(settings) as environment:
        assert not environment.get("XO_SANDBOX_URL")
        Demo(environment["XO_BASE_URL"], address, sign_in_of(environment)).run()
        ApiDemo(environment, address, sign_in_of(environment), afresh=True).run()
