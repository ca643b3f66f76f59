"""A server in the provider's place, and the calls that tests make to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from integrations import api
from tests.loopback import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.server import BaseHTTPRequestHandler

    from integrations.models import Connection

NEW_ISSUE = {"fields": {"project": {"key": "DEMO"}, "summary": "Fire", "issuetype": {"name": "Bug"}}}


class Provider:
    """A server in the provider's place: gives its answers one after the other, the last one again and again."""

    def __init__(self) -> None:
        self.answers: list[Callable[[BaseHTTPRequestHandler], None]] = [plain(200, b"{}")]
        self.seen: list[tuple[str, str, Any]] = []
        self.tokens: list[str] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers.get("Content-Length") or 0)
        body = json.loads(request.rfile.read(length)) if length else None
        self.seen.append((request.command, request.path, body))
        self.tokens.append(request.headers.get("Authorization", ""))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        answer(request)


def answer(status: int = 200, body: Any = None, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return plain(status, b"" if body is None else json.dumps(body).encode(), **headers)


def cut(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True


def call(row: Connection, operation: str = "getIssue", **options: Any) -> api.CallResult:
    usual: dict[str, Any] = {
        "app_id": row.action.app_id,
        "end_user_id": None,
        "provider": "jira",
        "operation": operation,
        "parameters": {"issueIdOrKey": "DEMO-1"} if operation in ("getIssue", "deleteIssue") else {},
        "body": NEW_ISSUE if operation == "createIssue" else None,
        "timeout": 10,
    }
    return api.call_operation(**{**usual, **options})
