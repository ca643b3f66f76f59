"""Which process holds a lease, and whether it still lives.

A process is named by its machine, its number there and the moment of its start, all from the kernel: no clock that
somebody could set is part of it.
"""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

PROC = Path("/proc")
#: Of /proc/PID/stat, counted behind the name of the program (proc(5)).
STATE, START = 0, 19


def me() -> str:
    """This process, as it stands on the leases it takes."""
    return f"{_machine()}/{os.getpid()}/{_start(os.getpid())}"


def is_dead(owner: str) -> bool:
    """Whether this process has surely ended. Of a process on another machine nothing is known."""
    machine, _, process = owner.partition("/")
    number, _, start = process.partition("/")
    if machine != _machine() or not number.isdigit():
        return False
    pid = int(number)
    if PROC.joinpath("self/stat").exists():
        return _start(pid) != start
    return not _exists(pid)


@cache
def _machine() -> str:
    """A name that no two sets of process numbers share: since the boot, and within the container."""
    name = socket.gethostname().replace("/", "-")
    try:
        boot = PROC.joinpath("sys/kernel/random/boot_id").read_text().strip()
        return f"{name}-{boot}-{PROC.joinpath('self/ns/pid').stat().st_ino}"
    except OSError:
        return name


def _start(pid: int) -> str:
    """When the process started, in ticks since the boot; empty if there is none or it is only waiting to be buried."""
    try:
        fields = PROC.joinpath(str(pid), "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[STATE] in "ZX" else fields[START]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
