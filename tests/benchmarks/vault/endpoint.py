"""A token endpoint with rotation, in a process of its own: what every subject refreshes against.

It decides when a request arrives and answers after the delay, as a slow provider does: who asks twice meanwhile has
used the token twice. *Strict*: a second use of a superseded token revokes the grant for good. *Leeway*: a superseded
token still brings new ones. Tokens name their grant and their number, so that thousands cost no memory.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

Mode = Literal["strict", "leeway"]
#: Seconds that a fresh access token lives.
LIFETIME = 3600
# As long as Atlassian's are, because encrypting and storing a token costs by its length.
ACCESS_PADDING = "a" * 1000
REFRESH_PADDING = "r" * 400
SCOPE = "read:jira-work write:jira-work read:jira-user read:me offline_access"


def refresh_token(grant: int, number: int = 0) -> str:
    return f"refresh.{grant}.{number}.{REFRESH_PADDING}"


def access_token(grant: int, number: int = 0) -> str:
    return f"access.{grant}.{number}.{ACCESS_PADDING}"


@dataclass
class Grants:
    """What the endpoint knows and counts; its state begins anew with every measurement."""

    mode: Mode = "strict"
    delay: float = 0.3
    requests: Counter[int] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)
    revoked: set[int] = field(default_factory=set)
    renewed_at: dict[int, float] = field(default_factory=dict)
    newest: Counter[int] = field(default_factory=Counter)

    def renew(self, token: str) -> tuple[int, dict[str, Any]]:
        """Status and body for one use of this refresh token."""
        grant, number = (int(part) for part in token.split(".")[1:3])
        self.requests[grant] += 1
        if number != self.newest[grant] and self.mode == "strict":
            self.revoked.add(grant)
        if grant in self.revoked:
            self.refused[grant] += 1
            return 403, {"error": "unauthorized_client", "error_description": "refresh_token is invalid"}
        self.newest[grant] += 1
        self.renewed_at.setdefault(grant, time.time())
        number = self.newest[grant]
        return 200, {
            "access_token": access_token(grant, number),
            "refresh_token": refresh_token(grant, number),
            "expires_in": LIFETIME,
            "token_type": "Bearer",
            "scope": SCOPE,
        }

    def told(self) -> dict[str, Any]:
        return {
            "requests": dict(self.requests),
            "refused": dict(self.refused),
            "revoked": sorted(self.revoked),
            "renewed_at": self.renewed_at,
            "newest": dict(self.newest),
        }


class Endpoint(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as little of it as the subjects' clients need."""

    transport: asyncio.Transport

    def __init__(self, state: list[Grants]) -> None:
        self._state = state
        self._buffer = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.decode("latin-1").split("\r\n")
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        path = lines[0].split(" ")[1]
        self._ask(path, _fields(rest[:length], headers.get("content-type", "")))

    def _ask(self, path: str, fields: dict[str, Any]) -> None:
        if path == "/begin":
            self._state[0] = Grants(**fields)
            self._answer(200, {})
        elif path == "/told":
            self._answer(200, self._state[0].told())
        else:
            grants = self._state[0]
            status, body = grants.renew(fields["refresh_token"])
            asyncio.get_running_loop().call_later(grants.delay, self._answer, status, body)

    def _answer(self, status: int, body: object) -> None:
        payload = json.dumps(body).encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n"
        if not self.transport.is_closing():
            self.transport.write(head.encode() + payload)


def _fields(body: bytes, kind: str) -> dict[str, Any]:
    if kind.startswith("application/json"):
        fields: dict[str, Any] = json.loads(body)
        return fields
    return dict(parse_qsl(body.decode()))


async def _run(ready: Connection) -> None:
    state = [Grants()]
    server = await asyncio.get_running_loop().create_server(lambda: Endpoint(state), "127.0.0.1", 0, backlog=1024)
    ready.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _serve(ready: Connection) -> None:
    asyncio.run(_run(ready))


@dataclass(frozen=True)
class Provider:
    """A running endpoint, as the measurement sees it."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def begin(self, mode: Mode, delay: float) -> None:
        """Forgets everything; from now on it answers like this, after ``delay`` seconds."""
        self._ask("/begin", {"mode": mode, "delay": delay})

    def told(self) -> dict[str, Any]:
        """What happened since: by grant, whose numbers are texts."""
        return self._ask("/told", {})

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        line = HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        told: dict[str, Any] = json.loads(line.getresponse().read())
        line.close()
        return told


@contextmanager
def token_endpoint() -> Iterator[Provider]:
    """A running endpoint; it ends with the block."""
    parent, child = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(child,), daemon=True)
    process.start()
    try:
        yield Provider(parent.recv())
    finally:
        process.terminate()
        process.join()
