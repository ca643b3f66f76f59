"""The supervisor with real processes, on free ports and in a folder that is thrown away."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from xoplatform import stack

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
#: Three processes as stubborn as real ones: one with a child of its own, all told apart by a mark.
STAND_INS = """
import sys
from xoplatform import stack
python = sys.executable
idle = "import signal, time; print('up', flush=True); time.sleep(600)"
parent = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)', sys.argv[1]])"
stack.commands = lambda environ: {
    "plain": [python, "-c", idle, environ["XO_MARK"]],
    "parent": [python, "-c", parent, environ["XO_MARK"]],
    "other": [python, "-c", idle, environ["XO_MARK"]],
}
stack.set_up = lambda environ: None
stack.announce = lambda environ: None
sys.exit(stack.run(stack.local_env.environment()))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def marked(mark: str) -> set[int]:
    """Processes of this test that are alive."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark.encode() in (folder / "cmdline").read_bytes().split(b"\0"):
                found.add(int(folder.name))
    return found


def wait_for_end(pids: set[int], seconds: float) -> bool:
    """Whether all of these ended in time, told by the kernel and not by looking again and again."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            handle = os.pidfd_open(pid)
            ended, _w, _x = select.select([handle], [], [], seconds)
            os.close(handle)
            if not ended:
                return False
    return True


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], set[int]]]:
    mark = f"xo-mark-{os.getpid()}-{free_port()}"
    environ = {k: v for k, v in os.environ.items() if not k.startswith("XO_")}
    environ |= {"XO_VAR_DIR": str(tmp_path), "XO_PORT": str(free_port()), "XO_SANDBOX_PORT": str(free_port())}
    supervisor = subprocess.Popen(
        [sys.executable, "-c", STAND_INS],
        env={**environ, "XO_MARK": mark},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert supervisor.stdout is not None
    up = 0
    while up < 2:
        up += "| up" in supervisor.stdout.readline()
    pids = marked(mark)
    yield supervisor, pids
    for pid in {supervisor.pid, *marked(mark)}:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    supervisor.wait()
    supervisor.stdout.close()


Running = tuple[subprocess.Popen[str], set[int]]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_process(number: signal.Signals, running: Running) -> None:
    supervisor, pids = running
    assert len(pids) >= 3
    supervisor.send_signal(number)
    assert supervisor.wait(timeout=20) == 128 + number
    assert wait_for_end(pids, 5)


@pytest.mark.parametrize("which", [min, max])
def test_the_end_of_one_process_stops_the_others(which: Any, running: Running) -> None:
    supervisor, pids = running
    os.kill(which(pids), signal.SIGKILL)
    supervisor.wait(timeout=20)
    assert wait_for_end(pids, 5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent was killed")
def test_even_a_killed_supervisor_leaves_nothing_behind(running: Running) -> None:
    supervisor, pids = running
    supervisor.kill()
    supervisor.wait()
    # The grandchild is its parent's to end; ours, all started by the supervisor, end by themselves.
    direct = {pid for pid in pids if wait_for_end({pid}, 5)}
    assert len(direct) >= 3


def test_a_taken_port_is_named_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environ = {"XO_PORT": str(port), "XO_JIRA_CLIENT_ID": "a", "XO_JIRA_CLIENT_SECRET": "b"}
        with pytest.raises(SystemExit, match=f"Port {port} is in use.*XO_PORT={port + 100}|Port {port}"):
            stack.refuse_taken_ports(environ)


def test_one_credential_without_the_other_is_a_mistake_and_said_so() -> None:
    with pytest.raises(SystemExit, match="Only XO_JIRA_CLIENT_ID is set"):
        stack.refuse_half_credentials({"XO_JIRA_CLIENT_ID": "a"})


def test_no_command_line_carries_a_secret() -> None:
    environ = {"XO_PORT": "1", "XO_SANDBOX_PORT": "2", "XO_VAR_DIR": "v", "XO_SANDBOX_CLIENT_SECRET": "hidden"}
    assert "hidden" not in str(stack.commands(environ))
