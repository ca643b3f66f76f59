"""Processes of a round: forked from the loaded parent, let go at one moment, and watched until they end."""

from __future__ import annotations

import json
import os
import random
import select
import signal
import time
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .effects import close_connections

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass
class Watched:
    """What was seen of the processes: their lines in order, and those that had to be ended because they hung."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    hung: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == event]

    def at(self, who: str, event: str, **details: Any) -> int | None:
        """The place of the first such line."""
        wanted = {"who": who, "event": event, **details}
        return next((n for n, line in enumerate(self.lines) if wanted.items() <= line.items()), None)


def together(works: Sequence[Callable[[int], None]], *, kill_after: dict[int, float], patience: float) -> Watched:
    """Runs all at once. `kill_after` names processes that are killed after so many seconds; `patience` ends those that
    hang."""
    close_connections()
    log, tell = os.pipe()
    gate, open_gate = os.pipe()
    children: dict[int, int] = {}
    for place, work in enumerate(works):
        children[_fork(work, tell, gate, (log, open_gate))] = place
    os.close(tell)
    os.close(gate)
    os.close(open_gate)  # everybody reads the end of the file at this moment
    seen = _watch(children, log, kill_after, patience)
    os.close(log)
    return seen


def _fork(work: Callable[[int], None], tell: int, gate: int, others: tuple[int, ...]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        for other in others:
            os.close(other)
        random.seed()
        os.read(gate, 1)
        work(tell)
        status = 0
    except BaseException:  # noqa: BLE001 -- told to the parent, whatever it is
        line = json.dumps({"who": "?", "event": "error", "trace": traceback.format_exc()[-2500:]})
        os.write(tell, f"{line}\n".encode())
    finally:
        os._exit(status)
    return 0


def _watch(children: dict[int, int], log: int, kill_after: dict[int, float], patience: float) -> Watched:
    seen, began, text = Watched(), time.monotonic(), b""
    left, to_kill = dict(children), dict(kill_after)
    while True:
        passed = time.monotonic() - began
        for pid, place in left.items():
            if place in to_kill and passed >= to_kill[place]:
                del to_kill[place]
                os.kill(pid, signal.SIGKILL)
                seen.lines.append({"who": str(place), "event": "killed"})
            elif passed > patience:
                os.kill(pid, signal.SIGKILL)
                seen.hung.append(place)
        soon = min([patience - passed, *(moment - passed for moment in to_kill.values()), 1.0])
        if select.select([log], [], [], max(soon, 0.001))[0]:
            chunk = os.read(log, 65536)
            text += chunk
            if not chunk:  # all have ended: nobody holds the other end
                break
            *lines, text = text.split(b"\n")
            seen.lines += [json.loads(line) for line in lines]
        for pid in [pid for pid in left if os.waitpid(pid, os.WNOHANG)[0]]:
            del left[pid]
    for pid in left:
        os.waitpid(pid, 0)
    seen.errors = [line["trace"] for line in seen.of("error")]
    return seen
