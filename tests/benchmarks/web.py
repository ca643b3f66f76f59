"""A subject behind HTTP: a real server process, keep-alive clients, the server's CPU per turn."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .dialog import LAST_REPLY_HOLDS, MESSAGES
from .places import python_of
from .pool import Pool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

APPLICATIONS = {
    "bare": "xoplatform.wsgi:application",
    "xo": "xoplatform.wsgi:application",
    "xo-api": "xoplatform.wsgi:application",
    "botframework": "tests.benchmarks.peers.botframework_web:application",
}
PLAIN = "tests.benchmarks.plain_wsgi:application"
#: Subjects that are served by one event loop; all others by threads.
LOOPS = ("botframework",)
LOOP, THREADS = ["--worker-class", "aiohttp.GunicornWebWorker"], ["--worker-class", "gthread", "--threads"]
TICK = os.sysconf("SC_CLK_TCK")
TALK = "/admin/apps/bench/talk/messages/"
CONVERSATIONS = "/api/v1/apps/bench/conversations/"
CSRF = "b" * 32
GOOD = (200, 201)


@contextmanager
def served(name: str, environment: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Port of a running server and the process id of its one worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    at_once = int(environment["XO_BENCH_AT_ONCE"])
    command = [python_of(name), "-m", "gunicorn", APPLICATIONS.get(name, PLAIN), "--bind", f"127.0.0.1:{port}"]
    workers = LOOP if name in LOOPS else [*THREADS, str(max(2, at_once))]
    command += ["--keep-alive", "60", "--log-level", "error", *workers]
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

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port)
        self._headers = {"Content-Type": "application/json", "Host": "localhost"}

    def chat(self, conversation: int) -> None:
        """Five turns. Raises RuntimeError unless the last names the issue."""
        known: str | None = None
        for text in MESSAGES:
            known, answer = self._say(conversation, known, text)
        if LAST_REPLY_HOLDS not in json.dumps(answer):
            raise RuntimeError(answer)

    def _say(self, conversation: int, known: str | None, text: str) -> tuple[str | None, Any]:
        """Posts one message; ``known`` is what the answer to the one before called the conversation."""
        return None, self._post("/turn/", {"conversation": conversation, "text": text})

    def _post(self, path: str, body: Any) -> Any:
        self._connection.request("POST", path, json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        payload = answer.read()
        if answer.status not in GOOD:
            raise RuntimeError(f"{answer.status}: {payload[:300]!r}")
        return json.loads(payload)


class Staff(Client):
    """A member in *Talk to Bot*."""

    def __init__(self, port: int, session: str) -> None:
        super().__init__(port)
        self._headers |= {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}

    def _say(self, conversation: int, known: str | None, text: str) -> tuple[str | None, Any]:
        body = {"conversation": known, "task": None, "client_message_id": os.urandom(8).hex(), "text": text}
        answer = self._post(TALK, body)
        return answer["conversation"], answer


class Emulator(Client):
    """A channel of Bot Framework that wants the replies in the answer."""

    def _say(self, conversation: int, known: str | None, text: str) -> tuple[str | None, Any]:
        activity = {
            "type": "message",
            "id": os.urandom(8).hex(),
            "text": text,
            "channelId": "bench",
            "conversation": {"id": str(conversation)},
            "from": {"id": "person"},
            "recipient": {"id": "bot"},
            "serviceUrl": "http://127.0.0.1",
            "deliveryMode": "expectReplies",
        }
        return None, self._post("/api/messages", activity)


class Channel(Client):
    """A program with a key, as a channel posts what its people write."""

    def __init__(self, port: int, key: str) -> None:
        super().__init__(port)
        self._headers |= {"Authorization": f"Bearer {key}"}

    def _say(self, conversation: int, known: str | None, text: str) -> tuple[str | None, Any]:
        said = {"text": text, "client_message_id": os.urandom(8).hex()}
        if known is None:
            answer = self._post(CONVERSATIONS, said | {"end_user": {"external_id": f"bench-{conversation}"}})
            return answer["id"], answer
        return known, self._post(f"{CONVERSATIONS}{known}/messages/", said)


def client_of(name: str, port: int, pass_: str) -> Client:
    """A client of this subject, with what lets it in."""
    if name == "xo":
        return Staff(port, pass_)
    if name in LOOPS:
        return Emulator(port)
    return Channel(port, pass_) if name == "xo-api" else Client(port)


def measure(name: str, environment: Mapping[str, str], conversations: int) -> dict[str, float]:
    """The server's CPU and the clients' wall clock, in microseconds per turn."""
    at_once = int(environment["XO_BENCH_AT_ONCE"])
    warm_up = max(20, conversations // 10, 2 * at_once)
    prepare = [python_of(name), "-m", "tests.benchmarks.prepare", name, str(conversations + warm_up)]
    pass_ = subprocess.run(prepare, env=environment, check=True, capture_output=True, text=True).stdout.strip()
    with served(name, environment) as (port, worker), ThreadPoolExecutor(at_once) as threads:
        clients = Pool(lambda: client_of(name, port, pass_))

        def chat(number: int) -> None:
            client = clients.take()
            client.chat(number)
            clients.give_back(client)

        def chat_all(numbers: Iterable[int]) -> None:
            list(threads.map(chat, numbers))

        chat(1)  # alone, so that the server makes one subject and not several
        chat_all(range(2, warm_up + 1))
        cpu, wall = cpu_seconds(worker), time.perf_counter()
        chat_all(range(warm_up + 1, warm_up + conversations + 1))
        turns = conversations * len(MESSAGES)
        return {
            "cpu_us": (cpu_seconds(worker) - cpu) / turns * 1e6,
            "wall_us": (time.perf_counter() - wall) / turns * 1e6,
        }
