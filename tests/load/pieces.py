"""The pieces of the stack as single processes, so that one of them can be killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xoplatform import local_env, stack

if TYPE_CHECKING:
    from collections.abc import Mapping

KB = 1024


class Piece:
    """One process of the stack with its children."""

    def __init__(self, name: str, environ: Mapping[str, str]) -> None:
        self.name, self._environ = name, dict(environ)
        self._log = Path(environ["XO_VAR_DIR"]) / f"{name}.log"
        self.start()

    def start(self) -> None:
        with self._log.open("a") as output:
            self._process = subprocess.Popen(
                stack.commands(self._environ)[self.name],
                env=self._environ, cwd=local_env.ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL to it and all its children at once: nobody gets to tidy up."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()

    def rss(self) -> int:
        """Bytes of memory of it and its children."""
        return sum(_rss(pid) for pid in (self._process.pid, *_children(self._process.pid)))

    def last_words(self) -> str:
        return self._log.read_text()[-3000:]


def set_up(environ: Mapping[str, str]) -> None:
    subprocess.run([sys.executable, "manage.py", "setup"], env=dict(environ), cwd=local_env.ROOT, check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _rss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * KB for line in lines if line.startswith("VmRSS:")), 0)
