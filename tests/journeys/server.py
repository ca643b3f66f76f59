"""A server that behaves like Atlassian's and is nobody's sandbox: the stack learns of it by four settings only."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .stack import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def atlassian_elsewhere() -> Iterator[tuple[str, dict[str, str]]]:
    """Its address, and the settings of a stack that is to use it."""
    port = free_port()
    base_url = f"http://localhost:{port}"
    client = {
        "XO_SANDBOX_CLIENT_ID": "registered-elsewhere",
        "XO_SANDBOX_CLIENT_SECRET": "known-to-both",
        "XO_SANDBOX_CALLBACK_URL": f"{base_url}/oauth/callback/",
    }
    command = [sys.executable, "-m", "integrations.sandbox.atlassian", "--port", "0"]
    process = subprocess.Popen(command, env={**os.environ, **client}, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        address = process.stdout.readline().removeprefix("ready ").strip()
        yield (
            address,
            {
                "XO_PORT": str(port),
                "XO_JIRA_CLIENT_ID": client["XO_SANDBOX_CLIENT_ID"],
                "XO_JIRA_CLIENT_SECRET": client["XO_SANDBOX_CLIENT_SECRET"],
                "XO_ATLASSIAN_AUTH_URL": address,
                "XO_ATLASSIAN_API_URL": address,
            },
        )
    finally:
        process.terminate()
        process.wait(timeout=10)
