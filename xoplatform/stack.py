"""All processes of one machine under one supervisor: ``python -m xoplatform.stack``.

``run`` (the default) sets up what is missing and starts web, worker, beat and, without Atlassian's
credentials, the sandbox; ``exec COMMAND…`` runs one command in the same environment. Ctrl-C,
SIGTERM and the end of any process stop all of them.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from honcho.manager import Manager
from honcho.printer import Printer

from . import local_env
from .supervised import LeadersFirst, SupervisedProcess

if TYPE_CHECKING:
    from collections.abc import Mapping

#: So long a first start may take before the supervisor says what does not answer, in seconds.
PATIENCE = 90

#: So long the web process may finish what it is doing before it is killed, in seconds: longer than a provider may take
#: to answer a refresh, since an answer that is not stored may be the only token that still works.
GRACE = 50


def commands(environ: Mapping[str, str]) -> dict[str, list[str]]:
    """The processes by name, each as its command line."""
    python = sys.executable
    host = environ.get("XO_BIND", "127.0.0.1")
    celery = [python, "-m", "celery", "--quiet", "-A", "xoplatform.celery"]
    found = {
        "web": [
            *(python, "-m", "gunicorn", "xoplatform.wsgi:application", "--bind", f"{host}:{environ['XO_PORT']}"),
            *("--config", "python:xoplatform.web_server"),
            # Twice as many as event streams (XO_EVENT_STREAMS): the others answer.
            *("--worker-class", "gthread", "--threads", "24", "--log-level", "warning"),
            *("--graceful-timeout", str(GRACE)),
        ],
        "worker": [
            *celery, "worker", "--concurrency", "2", "--loglevel", "WARNING",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ],
        "beat": [*celery, "beat", "--pidfile=", "--loglevel", "WARNING"],
    }  # fmt: skip
    if local_env.uses_sandbox(environ):
        state = str(local_env.var_dir(environ) / "sandbox.sqlite3")
        port = environ["XO_SANDBOX_PORT"]
        found["sandbox"] = [python, "-m", "integrations.sandbox.atlassian", "--port", port, "--state", state]
    return found


def ports(environ: Mapping[str, str]) -> dict[str, int]:
    """The ports the stack listens on, by the setting that changes each."""
    found = {"XO_PORT": int(environ["XO_PORT"])}
    if local_env.uses_sandbox(environ):
        found["XO_SANDBOX_PORT"] = int(environ["XO_SANDBOX_PORT"])
    return found


def refuse_taken_ports(environ: Mapping[str, str]) -> None:
    """Ends the program with words when somebody else already listens where the stack would."""
    for setting, port in ports(environ).items():
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            continue
        sys.exit(
            f"Port {port} is in use by another program, perhaps by an earlier `make run`. Nothing was started.\n"
            f"Stop that program, or choose another port: make run {setting}={port + 100}"
        )


def refuse_half_credentials(environ: Mapping[str, str]) -> None:
    """Ends the program when only one of Atlassian's two credentials is set, which is surely a mistake."""
    given = [name for name in ("XO_JIRA_CLIENT_ID", "XO_JIRA_CLIENT_SECRET") if environ.get(name)]
    if len(given) == 1:
        sys.exit(f"Only {given[0]} is set. Set both credentials to use Atlassian, or none to use the sandbox.")


def set_up(environ: Mapping[str, str]) -> None:
    """Migrations, static files, first account and demo App; quick when all of it is there."""
    done = subprocess.run([sys.executable, "manage.py", "setup"], env=dict(environ), cwd=local_env.ROOT, check=False)
    if done.returncode:
        sys.exit("Setting up failed; see above. Nothing was started, and no data was changed beyond what is shown.")


class Supervisor(Manager):  # type: ignore[misc]  # honcho ships no types
    """honcho's manager that tells when all its processes answer."""

    def __init__(self, printer: Printer, environ: Mapping[str, str]) -> None:
        super().__init__(printer)
        self._environ = environ
        self._process_ctor = SupervisedProcess
        self._procmgr = LeadersFirst()

    def _start(self) -> None:
        super()._start()
        # Not before: processes are forked there, and a fork must not catch another thread half-way.
        threading.Thread(target=announce, args=(self._environ,), daemon=True).start()


def run(environ: Mapping[str, str]) -> int:
    """Starts everything, tells when it answers, and returns the exit code once everything has ended."""
    refuse_taken_ports(environ)
    set_up(environ)
    manager = Supervisor(Printer(sys.stdout), environ)
    env = {**environ, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore:You're running the worker"}
    for name, command in commands(environ).items():
        manager.add_process(name, command, env=env, cwd=str(local_env.ROOT))
    manager.loop()
    return manager.returncode or 0


def announce(environ: Mapping[str, str]) -> None:
    """Waits until every part answers and prints where it is, or what does not answer."""
    probes = {"web": f"http://127.0.0.1:{environ['XO_PORT']}/health/ready"}
    if local_env.uses_sandbox(environ):
        probes["sandbox"] = f"http://127.0.0.1:{environ['XO_SANDBOX_PORT']}/"
    tick = threading.Event()
    for _second in range(PATIENCE * 4):
        probes = {name: url for name, url in probes.items() if not answers(url)}
        if not probes:
            subprocess.run(
                [sys.executable, "manage.py", "setup", "--show"], env=dict(environ), cwd=local_env.ROOT, check=False
            )
            return
        tick.wait(0.25)
    print(f"Still no answer from: {', '.join(probes)}. Their own messages are above.", flush=True)  # noqa: T201


def answers(url: str) -> bool:
    """Whether something at this address answers without a server error."""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 -- an address of our own
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500  # noqa: PLR2004 -- the first server error
    except OSError:
        return False


def main(arguments: list[str]) -> int:
    refuse_half_credentials(os.environ)
    environ = local_env.environment()
    os.environ.update(environ)
    if arguments[:1] == ["exec"]:
        return subprocess.run(arguments[1:], env=environ, cwd=local_env.ROOT, check=False).returncode  # noqa: S603
    return run(environ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
