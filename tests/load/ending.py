"""Tells web or worker to end while a renewal is under way: ``python -m tests.load.ending web``.

The token endpoint takes eight seconds; SIGTERM comes once it was asked. Then the same with nothing under way. Prints
the figures as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import django
import requests

from tests.journeys.stack import free_port, plain_environment
from xoplatform import local_env, stack

from . import pieces
from .vault import Client

if TYPE_CHECKING:
    from collections.abc import Callable

#: Seconds that the token endpoint takes.
DELAY = 8.0


def main(name: str) -> int:
    with ExitStack() as clean:
        folder = clean.enter_context(tempfile.TemporaryDirectory(prefix="xo-load-"))
        asked = plain_environment()
        asked |= {"XO_VAR_DIR": folder, "XO_PORT": str(free_port()), "XO_SANDBOX_PORT": str(free_port())}
        environ = local_env.environment(asked)
        os.environ.update(environ)
        os.environ["DJANGO_SETTINGS_MODULE"] = "xoplatform.settings"
        pieces.set_up(environ)
        django.setup()
        told = _measure(name, environ, clean)
    print(json.dumps(told))  # noqa: T201 -- what was asked for
    return 0


def _measure(name: str, environ: dict[str, str], clean: ExitStack) -> dict[str, Any]:
    from integrations.models import Connection, TokenRefresh

    from . import grants

    clean.callback(pieces.Piece("sandbox", environ).stop)
    sandbox = Client(environ)
    wait(sandbox.answers)
    grants.add(sandbox, 1, 1)
    grants.let_expire(0, 0)  # a quick machine would find a token that ends soon good enough
    sandbox.forget_counts()
    sandbox.fault("delay", on="token.refresh", times=None, seconds=DELAY)
    piece = _Piece(name, environ)
    clean.callback(piece.stop)
    row = Connection.objects.get()
    piece.ask(row.pk)
    wait(lambda: sandbox.counts()["requests"].get("token.refresh"))
    ended_after = piece.stop()
    sandbox.lift_faults()
    row.refresh_from_db()
    current = sandbox.is_current(row.access_token.reveal(), row.refresh_token.reveal())
    stored = {"generation": row.generation, "current": current, "outcome": TokenRefresh.objects.get().outcome}
    requests_made = sandbox.counts()["requests"]["token.refresh"]
    piece.start()
    piece.ask_nothing()
    return {
        "ended_after_s": round(ended_after, 1),
        "stored": stored,
        "requests": requests_made,
        "idle_ended_after_s": round(piece.stop(), 1),
    }


class _Piece(pieces.Piece):
    """Web or worker, and how to let it renew."""

    def command(self) -> list[str]:
        application = {"xoplatform.wsgi:application": "tests.load.knock:application"}
        return [application.get(word, word) for word in stack.commands(self.environ)[self.name]]

    def ask(self, connection_id: int) -> None:
        if self.name == "web":
            wait(lambda: _says(self._url()) == "here")
            said = _says(self._url(str(connection_id)))
            assert said == "RefreshBusy", said
        else:
            from integrations.jobs import keep_alive

            keep_alive.apply_async()

    def ask_nothing(self) -> None:
        """Waits until it works, with nothing to do."""
        if self.name == "web":
            wait(lambda: _says(self._url()) == "here")
        else:
            from integrations.jobs import prune_refreshes

            assert prune_refreshes.apply_async().get(timeout=60) == 0

    def _url(self, path: str = "") -> str:
        return f"http://127.0.0.1:{self.environ['XO_PORT']}/{path}"


def _says(url: str) -> str:
    try:
        return requests.get(url, timeout=10).text
    except requests.RequestException:
        return ""


def wait(until: Callable[[], object], patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
