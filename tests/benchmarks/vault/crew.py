"""The processes of one subject, as the measurement sees them."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Crew:
    """Orders go to all processes at once, or to the first."""

    def __init__(self, processes: list[subprocess.Popen[str]]) -> None:
        self._processes = processes
        self._answers(processes)

    def all(self, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One order for each process; they work at the same time."""
        for process, order in zip(self._processes, orders, strict=True):
            self._send(process, order)
        return self._answers(self._processes)

    def first(self, **order: Any) -> dict[str, Any]:
        self._send(self._processes[0], order)
        return self._answers(self._processes[:1])[0]

    def _send(self, process: subprocess.Popen[str], order: dict[str, Any]) -> None:
        assert process.stdin
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()

    def _answers(self, processes: list[subprocess.Popen[str]]) -> list[dict[str, Any]]:
        answers = []
        for process in processes:
            assert process.stdout
            line = process.stdout.readline()
            if not line:
                raise SystemExit(f"A process of the bench ended with {process.wait()}; its last words are above.")
            answers.append(json.loads(line))
        return answers


@contextmanager
def crew(subject: str, environment: Mapping[str, str], size: int) -> Iterator[Crew]:
    """So many processes of a subject; they end with the block."""
    command = [sys.executable, "-m", "tests.benchmarks.vault.worker", subject]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, env=environment, **pipes) for _ in range(size)]
    try:
        yield Crew(processes)
    finally:
        for process in processes:
            assert process.stdin
            process.stdin.close()
        for process in processes:
            process.wait(timeout=60)
            assert process.stdout
            process.stdout.close()
