"""Processes that answer messages, as web processes do: nothing of a conversation stays in one."""

from __future__ import annotations

import multiprocessing
import sys
import time
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

from . import pieces
from .talks import Heard, Message

if TYPE_CHECKING:
    from collections.abc import Iterable

MB = 1024 * 1024
#: Seconds in which some process must answer something.
SILENCE = 60.0


class Talker:
    """One process, and the pipe to it. It has one message at a time."""

    def __init__(self) -> None:
        here, there = multiprocessing.Pipe()
        self.pipe: Connection = here
        self._process = multiprocessing.get_context("spawn").Process(target=_answer_all, args=(there,), daemon=False)
        self._process.start()
        there.close()

    def send(self, message: Message) -> None:
        self.pipe.send(message)

    def heard(self) -> Heard:
        """Its next answer. Raises RuntimeError when the process has ended."""
        try:
            told = self.pipe.recv()
        except EOFError:
            raise RuntimeError("A process ended in the middle of a turn; its last words are above.") from None
        assert isinstance(told, Heard)
        return told

    def rss_mb(self) -> float:
        """Memory with the processes that its scripts run in, in MB."""
        return round(sum(pieces.rss_of(pid) for pid in self._pids()) / MB, 1)

    def cpu_seconds(self) -> float:
        """Processor time so far, of its scripts, too."""
        return sum(pieces.cpu_of(pid) or 0.0 for pid in self._pids())

    def _pids(self) -> list[int]:
        pid = self._process.pid
        assert pid is not None
        return [pid, *pieces.children_of(pid)]

    def end(self) -> None:
        """Lets it finish; one that does not is killed."""
        self.pipe.close()
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def answered(talkers: Iterable[Talker]) -> list[Talker]:
    """Those that have an answer, at least one. Raises TimeoutError when all are silent."""
    by_pipe = {talker.pipe: talker for talker in talkers}
    ready = wait(list(by_pipe), timeout=SILENCE)
    if not ready:
        raise TimeoutError(f"No process answered anything in {SILENCE:.0f} s.")
    return [by_pipe[pipe] for pipe in ready if isinstance(pipe, Connection)]


def _answer_all(pipe: Connection) -> None:
    import django

    django.setup()
    from . import answering

    pipe.send(Heard(0))
    while True:
        try:
            message = pipe.recv()
        except EOFError:
            answering.close()
            sys.exit(0)
        began = time.perf_counter()
        pipe.send(answering.answer(message, began))
