"""The pieces of the stack as single processes, so that one of them can be killed and started again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from xoplatform import local_env, stack

if TYPE_CHECKING:
    from collections.abc import Mapping

KB = 1024


class Piece:
    """One process of the stack with its children."""

    def __init__(self, name: str, environ: Mapping[str, str]) -> None:
        self.name, self.environ = name, dict(environ)
        self._log = Path(environ["XO_VAR_DIR"]) / f"{name}.log"
        self.start()

    def command(self) -> list[str]:
        return stack.commands(self.environ)[self.name]

    def start(self) -> None:
        with self._log.open("a") as output:
            self._process = subprocess.Popen(
                self.command(),
                env=self.environ, cwd=local_env.ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL to it and all its children at once: nobody gets to tidy up."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> float:
        """Tells it to end and waits for that; how many seconds it took."""
        began = time.monotonic()
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()
        return time.monotonic() - began

    def rss(self) -> int:
        """Bytes of memory of it and its children."""
        return sum(rss_of(pid) for pid in self.pids())

    def pids(self) -> set[int]:
        """Its own number and its children's."""
        return {self._process.pid, *children_of(self._process.pid)}

    def last_words(self) -> str:
        return self._log.read_text()[-3000:]


class Meter:
    """Processor time of a piece and all the processes it ever had; of one that was killed, as of the last look."""

    def __init__(self, piece: Piece) -> None:
        self._piece, self._by_pid = piece, dict[int, float]()
        self.read()
        self._start = sum(self._by_pid.values())

    def read(self) -> None:
        self._by_pid |= {pid: used for pid in self._piece.pids() if (used := cpu_of(pid)) is not None}

    @property
    def seconds(self) -> float:
        self.read()
        return sum(self._by_pid.values()) - self._start


def set_up(environ: Mapping[str, str]) -> None:
    subprocess.run([sys.executable, "manage.py", "setup"], env=dict(environ), cwd=local_env.ROOT, check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip


def children_of(pid: int) -> list[int]:
    """The processes that its first thread started and that are still there."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def rss_of(pid: int) -> int:
    """Bytes of memory of one process, without its children."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * KB for line in lines if line.startswith("VmRSS:")), 0)


def cpu_of(pid: int) -> float | None:
    """Seconds of processor time, of its threads and not of its children (proc(5))."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
