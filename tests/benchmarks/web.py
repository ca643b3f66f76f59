"""A subject behind HTTP: a real server process, a keep-alive client, the server's CPU per turn."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .dialog import LAST_REPLY_HOLDS, MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

APPLICATIONS = {
    "floor": "tests.benchmarks.floor_wsgi:application",
    "bare": "xoplatform.wsgi:application",
    "xo": "xoplatform.wsgi:application",
}
TICK = os.sysconf("SC_CLK_TCK")
TALK = "/admin/apps/bench/talk/messages/"
CSRF = "b" * 32


@contextmanager
def served(name: str, environment: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Port of a running server and the process id of its one worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", APPLICATIONS[name], "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--threads", "2", "--keep-alive", "60", "--log-level", "error"]
    process = subprocess.Popen(command, env=environment)
    try:
        yield port, _worker(process.pid, port)
    finally:
        process.terminate()
        process.wait()


def _worker(master: int, port: int) -> int:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        with socket.socket() as probe:
            if children and probe.connect_ex(("127.0.0.1", port)) == 0:
                return int(children[0])
        time.sleep(0.05)
    raise TimeoutError(f"The server on port {port} did not start.")


def cpu_seconds(process: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


class Client:
    """Posts messages as the subject expects them, over one connection."""

    def __init__(self, name: str, port: int, session: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port)
        self._product = name == "xo"
        self._headers = {"Content-Type": "application/json", "Host": "localhost"}
        if self._product:
            self._headers |= {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}

    def chat(self, conversation: int) -> None:
        """Five turns. Raises RuntimeError unless the last names the issue."""
        known: str | None = None
        for text in MESSAGES:
            body: dict[str, Any] = {"conversation": conversation, "text": text}
            if self._product:
                body |= {"conversation": known, "task": None, "client_message_id": os.urandom(8).hex()}
            answer = self._post(TALK if self._product else "/turn/", body)
            known = answer.get("conversation")
        if LAST_REPLY_HOLDS not in json.dumps(answer):
            raise RuntimeError(answer)

    def _post(self, path: str, body: Any) -> Any:
        self._connection.request("POST", path, json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        payload = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {payload[:300]!r}")
        return json.loads(payload)


def measure(name: str, environment: Mapping[str, str], conversations: int) -> dict[str, float]:
    """The server's CPU and the client's wall clock, in microseconds per turn."""
    warm_up = max(20, conversations // 10)
    prepare = [sys.executable, "-m", "tests.benchmarks.prepare", name, str(conversations + warm_up)]
    session = subprocess.run(prepare, env=environment, check=True, capture_output=True, text=True).stdout.strip()
    with served(name, environment) as (port, worker):
        client = Client(name, port, session)
        for number in range(1, warm_up + 1):
            client.chat(number)
        cpu, wall = cpu_seconds(worker), time.perf_counter()
        for number in range(warm_up + 1, warm_up + conversations + 1):
            client.chat(number)
        turns = conversations * len(MESSAGES)
        return {
            "cpu_us": (cpu_seconds(worker) - cpu) / turns * 1e6,
            "wall_us": (time.perf_counter() - wall) / turns * 1e6,
        }
