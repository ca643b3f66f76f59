"""A whole stack of its own on free ports: web, worker, beat and the sandbox, in a scratch folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from xoplatform import local_env

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Seconds that a first start may take on a busy machine.
PATIENCE = 120


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def plain_environment() -> dict[str, str]:
    """This process's environment without the product's settings, nor those of a test run that starts it."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("XO_") and name != "DJANGO_SETTINGS_MODULE"
    }


def ready(url: str) -> bool:
    """Whether a stack answers there."""
    try:
        return requests.get(f"{url}/health/ready", timeout=5).status_code == 200
    except requests.RequestException:
        return False


@contextmanager
def running(extra: Mapping[str, str] | None = None, folder: Path | None = None) -> Iterator[dict[str, str]]:
    """The environment of a stack that answers; every process of it has ended after the block.

    ``extra`` settings win. Without ``folder`` its data is thrown away. Raises TimeoutError when it does not answer.
    """
    with ExitStack() as clean:
        folder = folder or Path(clean.enter_context(tempfile.TemporaryDirectory(prefix="xo-stack-")))
        asked = plain_environment()
        asked |= {"XO_VAR_DIR": str(folder), "XO_PORT": str(free_port()), "XO_SANDBOX_PORT": str(free_port())}
        asked |= extra or {}
        output = clean.enter_context((folder / "stack.log").open("a"))
        process = subprocess.Popen(
            [sys.executable, "-m", "xoplatform.stack"],
            env=asked, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        clean.callback(_stop, process)
        environment = local_env.environment(asked)
        _wait(process, environment["XO_BASE_URL"], folder / "stack.log")
        yield environment


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready(url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise TimeoutError(f"The stack did not come up at {url}:\n{log.read_text()[-4000:]}")
        time.sleep(0.25)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
