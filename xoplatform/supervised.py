"""A process that does not outlive its supervisor, however that one ends."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
from functools import partial
from typing import Any

import honcho.manager
from honcho.compat import ProcessManager
from honcho.process import Popen, Process

#: prctl(2): the signal this process gets when its parent ends.
PR_SET_PDEATHSIG = 1


def end_with_parent(number: signal.Signals) -> None:
    """Asks Linux to send ``number`` to this process when its parent ends, be it by SIGKILL. Elsewhere: nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)


class SupervisedProcess(Process):  # type: ignore[misc]  # honcho ships no types
    """honcho's process, started without a shell and tied to its parent's life twice over.

    honcho puts a forked copy of the supervisor between itself and each command: the copy goes when the
    supervisor goes, the command when the copy goes.
    """

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        end_with_parent(signal.SIGKILL)
        self._child_ctor = _start
        super().run(events, ignore_signals)


def _start(command: list[str], **options: Any) -> Popen:
    child = Popen(command, shell=False, preexec_fn=partial(end_with_parent, signal.SIGTERM), **options)
    threading.Thread(target=_end_orphans, args=(child,), daemon=True).start()
    return child


def _end_orphans(child: Popen) -> None:
    """Ends what a process left behind: its orphans hold its output open, and so would hide that it ended."""
    child.wait()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


#: So long a process may take to finish what it is doing, in seconds: somewhat longer than the web process is given.
#: With nothing under way all of them end within about six.
honcho.manager.KILL_WAIT = 55


class LeadersFirst(ProcessManager):  # type: ignore[misc]  # honcho ships no types
    """Ends the first process of each group and lets it end its own children in order.

    honcho would signal the whole group, which kills a worker's children under its hands: it then waits
    for them in vain. What does not end in time is still killed as a group.
    """

    def terminate(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
