"""A subject behind HTTP: a WSGI callable without a framework, for the floor and the peers."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import TYPE_CHECKING

from .subject import make

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from .subject import Subject


@cache
def subject() -> Subject:
    return make(os.environ["XO_BENCH_SUBJECT"])


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    reply = json.dumps({"reply": subject().turn(body["conversation"], body["text"])}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(reply)))])
    return [reply]
