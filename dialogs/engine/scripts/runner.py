"""JavaScript for script and message nodes, in processes that can be killed.

Each run has a fresh QuickJS context: nothing a script does reaches the next. It sees ``context``, ``print`` and
``console``, no files, no network, no environment. Promises are never continued: scripts are synchronous.
"""

from __future__ import annotations

import json
import os
import threading
import weakref
from typing import TYPE_CHECKING, Any, Final

from dialogs.engine.context import clean_text
from dialogs.nodes.effects import ScriptResult

from .process import ScriptProcess, ScriptProcessGone
from .worker import CHECK, DONE, FAILED, MEMORY, RUN, STACK, TIME

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMORY_BYTES: Final = 16 * 1024 * 1024
CHECK_SECONDS: Final = 1.0
#: A process is replaced after this many runs, so that a leak in the engine stays small.
RUNS_PER_PROCESS: Final = 5000

_pools: weakref.WeakSet[SandboxedScripts] = weakref.WeakSet()


class SandboxedScripts:
    """The script runner. Safe for threads and forks; share one per process.

    ``at_once`` scripts run at the same time, each in a process of its own that is started when it is first needed;
    more wait for one to be free. The limits of a run: ``timeout`` seconds, of CPU for the script and, half a second
    later at most, of the clock; 16 MB; 256 kB of stack.
    """

    def __init__(self, at_once: int = 4) -> None:
        self._at_once = at_once
        self._reset()
        _pools.add(self)

    def _reset(self) -> None:
        self._places = threading.Semaphore(self._at_once)
        self._idle: list[tuple[ScriptProcess, int]] = []
        weakref.finalize(self, _close_all, self._idle)

    def run(self, code: str, context: Mapping[str, Any], timeout: float) -> ScriptResult:
        """Run ``code`` over a copy of ``context``. Numbers come back as JavaScript's: exact up to 2**53."""
        status, text = self._ask(RUN, code, json.dumps(context, ensure_ascii=True, separators=(",", ":")), timeout)
        if status != DONE:
            return ScriptResult(context, error=_words(status, text, timeout))
        try:
            left = json.loads(text)
            printed, logs = (tuple(clean_text(str(line)) for line in left[key]) for key in ("printed", "logs"))
            lifetimes = kept if isinstance(kept := left["lifetimes"], dict) else {}
            return ScriptResult(left["context"], printed, logs, lifetimes=lifetimes, shown=tuple(left["shown"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            return ScriptResult(context, error="it left something in “context” that is no JSON.")

    def check(self, code: str) -> str | None:
        """None for JavaScript that compiles, else what is wrong with it."""
        status, text = self._ask(CHECK, code, "", CHECK_SECONDS)
        return None if status == DONE else _words(status, text, CHECK_SECONDS)

    def close(self) -> None:
        """End the idle processes; a later run starts new ones."""
        _close_all(self._idle)

    def _ask(self, what: bytes, code: str, context: str, timeout: float) -> tuple[bytes, str]:
        with self._places:
            process, runs = self._idle.pop() if self._idle else (ScriptProcess(), 0)
            try:
                return process.ask(what, code, context, timeout, MEMORY_BYTES)
            except ScriptProcessGone:
                # An idle process may have been killed from outside; a script that kills it does so every time.
                if runs == 0:
                    return FAILED, "the process that ran it ended"
                process, runs = ScriptProcess(), 0
                return self._last_try(process, what, code, context, timeout)
            finally:
                self._keep(process, runs + 1)

    def _last_try(
        self, process: ScriptProcess, what: bytes, code: str, context: str, timeout: float
    ) -> tuple[bytes, str]:
        try:
            return process.ask(what, code, context, timeout, MEMORY_BYTES)
        except ScriptProcessGone:
            return FAILED, "the process that ran it ended"

    def _keep(self, process: ScriptProcess, runs: int) -> None:
        if not process.alive:
            return
        if runs < RUNS_PER_PROCESS:
            self._idle.append((process, runs))
        else:
            process.close()

    def _after_fork(self) -> None:
        for process, _ in self._idle:
            process.forget()
        self._idle.clear()
        self._reset()


def _words(status: bytes, text: str, timeout: float) -> str:
    return {
        TIME: f"it ran longer than {timeout:g} s and was stopped.",
        MEMORY: f"it needed more than {MEMORY_BYTES // 1024 // 1024} MB of memory and was stopped.",
        STACK: "it called itself too deeply and was stopped.",
    }.get(status, f"{text}.")


def _close_all(idle: list[tuple[ScriptProcess, int]]) -> None:
    while idle:
        idle.pop()[0].close()


def _forget_after_fork() -> None:
    for pool in list(_pools):
        pool._after_fork()  # noqa: SLF001 -- the same module


os.register_at_fork(after_in_child=_forget_after_fork)
