"""The floor behind HTTP: a WSGI callable without a framework."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import TYPE_CHECKING

from .floor import Floor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@cache
def subject() -> Floor:
    return Floor(os.environ["XO_DATABASE_URL"], os.environ["XO_BENCH_PROVIDER"])


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    reply = json.dumps({"reply": subject().turn(body["conversation"], body["text"])}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(reply)))])
    return [reply]
