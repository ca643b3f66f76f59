"""One process that runs scripts, seen from the server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic

from .worker import ANSWER, CHECK, DONE, REQUEST, RUN, TIME

WORKER = Path(__file__).with_name("worker.py")
START_SECONDS = 20.0
#: Beyond the script's own limit; the worker's alarm comes earlier.
PATIENCE = 0.4
#: More than this is no context; it would fill the server's memory before its size can be judged.
MOST_BYTES = 32 * 1024 * 1024


class ScriptProcessGone(Exception):
    """The process ended without an answer."""


class ScriptProcess:
    """Starts on construction. After anything but an answer it is dead; start another."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 -- our own file and our own interpreter
                [sys.executable, "-I", str(WORKER), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                # Secrets live in the environment; scripts' process gets none of it.
                env={key: os.environ[key] for key in ("LD_LIBRARY_PATH",) if key in os.environ},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._channel = ours
        try:
            self._channel.settimeout(START_SECONDS)
            self._receive(len(DONE), monotonic() + START_SECONDS)
        except BaseException:
            self.close()
            raise

    def ask(self, what: bytes, code: str, context: str, seconds: float, memory: int) -> tuple[bytes, str]:
        """The worker's answer, or TIME when it had to be killed.

        Raises:
            ScriptProcessGone: it died of something else, or was dead before.
        """
        script, data = code.encode("utf-8", "replace"), context.encode()
        deadline = monotonic() + seconds + PATIENCE
        try:
            self._channel.settimeout(seconds + PATIENCE)
            self._channel.sendall(REQUEST.pack(what, seconds, memory, len(script), len(data)) + script + data)
            status, size = ANSWER.unpack(self._receive(ANSWER.size, deadline))
            return status, self._receive(min(size, MOST_BYTES), deadline).decode()
        except TimeoutError:
            self.close()
            return TIME, ""
        except (OSError, ScriptProcessGone):
            alarmed = monotonic() >= deadline - PATIENCE
            self.close()
            if alarmed:
                return TIME, ""
            raise ScriptProcessGone from None

    def _receive(self, size: int, deadline: float) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            self._channel.settimeout(max(deadline - monotonic(), 0.001))
            part = self._channel.recv(size - len(parts))
            if not part:
                raise ScriptProcessGone
            parts += part
        return bytes(parts)

    @property
    def alive(self) -> bool:
        return self._channel.fileno() >= 0

    def close(self) -> None:
        """End it, busy or not."""
        self._channel.close()
        self._process.kill()
        self._process.wait()

    def forget(self) -> None:
        """Let go of it without ending it: after a fork it belongs to the parent."""
        self._channel.close()
        self._process.returncode = 0


__all__ = ["CHECK", "RUN", "ScriptProcess", "ScriptProcessGone"]
